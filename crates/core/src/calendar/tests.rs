//! The calendars against reference section 9, the holiday rows and the 119 months of `report-deadlines.csv`.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::*;

const NATIONAL: CalendarLayer<'static> = CalendarLayer {
    name: "national.csv",
    level: LayerLevel::National,
    text: include_str!("../../../../seed/calendar/national.csv"),
};
const GUANGXI: CalendarLayer<'static> = CalendarLayer {
    name: "guangxi.csv",
    level: LayerLevel::Regional,
    text: include_str!("../../../../seed/calendar/guangxi.csv"),
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn national() -> Calendar {
    Calendar::from_csv(&[NATIONAL]).unwrap()
}

fn guangxi() -> Calendar {
    Calendar::from_csv(&[NATIONAL, GUANGXI]).unwrap()
}

fn working_days_of(calendar: &Calendar, year: i32) -> i64 {
    let date = |year| NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
    calendar.working_days_between(date(year - 1), date(year))
}

/// reference 9.1: start, working days, national due date, Guangxi due date.
const LAYERED: [(&str, u32, &str, &str); 12] = [
    ("2017-03-27", 5, "2017-04-01", "2017-04-07"),
    ("2017-03-20", 15, "2017-04-11", "2017-04-13"),
    ("2018-04-10", 10, "2018-04-24", "2018-04-26"),
    ("2019-04-01", 5, "2019-04-09", "2019-04-11"),
    ("2020-03-20", 10, "2020-04-03", "2020-04-03"),
    ("2021-04-08", 10, "2021-04-22", "2021-04-25"),
    ("2022-03-28", 10, "2022-04-12", "2022-04-14"),
    ("2023-04-17", 5, "2023-04-23", "2023-04-25"),
    ("2023-04-10", 15, "2023-04-28", "2023-05-05"),
    ("2024-04-08", 5, "2024-04-15", "2024-04-17"),
    ("2025-03-24", 10, "2025-04-08", "2025-04-10"),
    ("2026-04-13", 10, "2026-04-27", "2026-04-29"),
];

/// reference 9.2: start, working days, national due date.
const VECTORS: [(&str, u32, &str); 22] = [
    ("2017-07-03", 15, "2017-07-24"),
    ("2017-09-22", 15, "2017-10-19"),
    ("2017-09-15", 20, "2017-10-19"),
    ("2017-12-11", 15, "2018-01-02"),
    ("2018-02-01", 15, "2018-02-27"),
    ("2019-04-24", 15, "2019-05-16"),
    ("2020-01-10", 15, "2020-02-07"),
    ("2020-01-17", 20, "2020-02-21"),
    ("2021-02-01", 15, "2021-02-25"),
    ("2021-09-13", 20, "2021-10-15"),
    ("2021-12-14", 15, "2022-01-05"),
    ("2022-01-24", 20, "2022-02-24"),
    ("2022-04-28", 2, "2022-05-05"),
    ("2017-09-29", 2, "2017-10-09"),
    ("2018-12-28", 2, "2019-01-02"),
    ("2021-02-10", 2, "2021-02-19"),
    ("2017-07-03", 60, "2017-09-25"),
    ("2023-09-25", 10, "2023-10-13"),
    ("2024-02-05", 10, "2024-02-23"),
    ("2025-01-24", 5, "2025-02-07"),
    ("2026-02-10", 15, "2026-03-09"),
    ("2026-09-21", 15, "2026-10-19"),
];

#[test]
fn due_dates_follow_the_national_notices() {
    let calendar = national();
    for (start, n, due) in VECTORS {
        let expected = Due { date: day(due), provisional: false };
        assert_eq!(calendar.add_working_days(day(start), n), expected, "{start} + {n}");
        assert_eq!(calendar.working_days_between(day(start), day(due)), i64::from(n));
        assert_eq!(calendar.working_days_between(day(due), day(start)), -i64::from(n));
    }
}

#[test]
fn the_regional_layer_wins() {
    let (national, guangxi) = (national(), guangxi());
    for (start, n, country, region) in LAYERED {
        assert_eq!(national.add_working_days(day(start), n).date, day(country), "{start} + {n}");
        assert_eq!(guangxi.add_working_days(day(start), n).date, day(region), "{start} + {n}");
    }
}

/// reference 9: working days of each year, national and Guangxi.
#[test]
fn years_have_the_published_number_of_working_days() {
    let (national, guangxi) = (national(), guangxi());
    let expected = [249, 250, 250, 249, 250, 249, 249, 251, 248, 248];
    let regional = [247, 248, 248, 249, 248, 247, 247, 249, 246, 246];
    for (offset, (country, region)) in expected.into_iter().zip(regional).enumerate() {
        let year = 2017 + i32::try_from(offset).unwrap();
        assert_eq!(working_days_of(&national, year), country, "{year}");
        assert_eq!(working_days_of(&guangxi, year), region, "{year}");
    }
}

#[test]
fn a_term_into_an_unpublished_year_is_provisional() {
    let calendar = guangxi();
    assert!(calendar.is_published(2026));
    assert!(!calendar.is_published(2027));
    assert!(!calendar.add_working_days(day("2026-12-01"), 15).provisional);
    assert!(calendar.add_working_days(day("2026-12-21"), 15).provisional);
    assert!(calendar.add_working_days(day("2027-03-01"), 0).provisional);
}

#[test]
fn names_and_same_day_terms() {
    let calendar = guangxi();
    assert_eq!(calendar.day_name(day("2026-04-20")), Some("壮族三月三"));
    assert_eq!(calendar.day_name(day("2026-10-07")), Some("国庆节"));
    assert_eq!(calendar.day_name(day("2026-11-03")), None);
    assert!(calendar.is_working_day(day("2026-10-10")));
    let sunday = day("2026-11-01");
    assert_eq!(calendar.add_working_days(sunday, 0).date, sunday);
    assert_eq!(calendar.add_working_days(sunday, 1).date, day("2026-11-02"));
}

#[test]
fn broken_layers_say_where() {
    let load = |text| {
        Calendar::from_csv(&[CalendarLayer { name: "x.csv", level: LayerLevel::National, text }])
            .unwrap_err()
            .to_string()
    };
    for (text, message) in [
        ("date,kind\n", "x.csv: the header lacks the column `name` (needed: date, kind, name)"),
        (
            "date,kind,name\n2026-02-30,holiday,x\n",
            "x.csv line 2: \"2026-02-30\" is not a date (write YYYY-MM-DD)",
        ),
        (
            "date,kind,name\n2026-02-03,off,x\n",
            "x.csv line 2: kind is \"off\" (write `holiday` or `workday`)",
        ),
        (
            "date,kind,name\n2026-02-03,holiday,x\n2026-02-03,workday,x\n",
            "x.csv line 3: 2026-02-03 stands twice in this layer; keep one line",
        ),
    ] {
        assert_eq!(load(text), message);
    }
    assert!(load("date,kind,name\n2026-02-03,holiday\n").starts_with("x.csv line 2: "));
    assert_eq!(Calendar::from_csv(&[]).unwrap_err(), CalendarError::NoLayer);
}

/// reference 9: holiday rows and compensating work days of each year.
#[test]
fn years_have_the_published_number_of_rows() {
    let expected = [
        (2017, 24, 5),
        (2018, 25, 7),
        (2019, 28, 6),
        (2020, 30, 6),
        (2021, 31, 7),
        (2022, 32, 7),
        (2023, 28, 7),
        (2024, 28, 8),
        (2025, 28, 5),
        (2026, 33, 6),
    ];
    for (year, off, made_up) in expected {
        let rows: Vec<&str> =
            NATIONAL.text.lines().filter(|line| line.starts_with(&year.to_string())).collect();
        let of = |kind: &str| rows.iter().filter(|row| row.split(',').nth(1) == Some(kind)).count();
        assert_eq!((of("holiday"), of("workday")), (off, made_up), "{year}");
    }
}

/// Every row of both files is what the calendar answers, unless the region says otherwise.
#[test]
fn every_row_is_answered() {
    let calendar = guangxi();
    let rows = |layer: CalendarLayer<'static>| {
        layer.text.lines().skip(1).map(|line| {
            let mut cells = line.split(',');
            (day(cells.next().unwrap()), cells.next().unwrap() == "workday")
        })
    };
    let regional: std::collections::BTreeMap<NaiveDate, bool> = rows(GUANGXI).collect();
    for (date, working) in rows(NATIONAL) {
        let expected = regional.get(&date).copied().unwrap_or(working);
        assert_eq!(calendar.is_working_day(date), expected, "{date}");
    }
    for (date, working) in regional {
        assert_eq!(calendar.is_working_day(date), working, "{date}");
    }
}

/// The 119 months, national calendar.
#[test]
fn report_deadlines_follow_both_readings() {
    let calendar = national();
    let reports = ReportCalendar::over(&calendar);
    let (mut months, mut off, mut differ) = (0, 0, 0);
    for line in include_str!("../../tests/report-deadlines.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [report, period, base, nonworking, literal, literal_works, roll] = cells[..] else {
            panic!("{line}")
        };
        assert_eq!(report, "monthly_HI1");
        let deadline = reports.deadline(period.parse().unwrap()).unwrap();
        let truth = |word: bool| if word { "True" } else { "False" };
        assert_eq!(deadline.base.to_string(), base, "{period}");
        assert_eq!(truth(deadline.base_is_nonworking), nonworking, "{period}");
        assert_eq!(deadline.literal.to_string(), literal, "{period}");
        assert_eq!(truth(deadline.literal_is_workday), literal_works, "{period}");
        assert_eq!(deadline.roll.to_string(), roll, "{period}");
        assert!(deadline.target() <= deadline.limit());
        months += 1;
        off += i32::from(deadline.base_is_nonworking);
        differ += i32::from(deadline.literal != deadline.roll);
    }
    // reference 7.1: 50 of 119 base days are non-working; the readings differ in 36.
    assert_eq!((months, off, differ), (119, 50, 36));
}

/// reference 7.1: the one month in which the region's holiday moves a report.
#[test]
fn a_regional_holiday_moves_a_report_once() {
    let calendar = guangxi();
    let deadline = ReportCalendar::over(&calendar).deadline("2019-03".parse().unwrap()).unwrap();
    assert_eq!(deadline.literal.to_string(), "2019-04-05");
    assert_eq!(deadline.roll.to_string(), "2019-04-09");
}

/// 003 A113(2), (3): no shift is stated for quarter and year.
#[test]
fn quarter_and_year_have_no_shift() {
    let calendar = national();
    let reports = ReportCalendar::over(&calendar);
    for (period, base) in
        [("2017-Q1", "2017-04-15"), ("2017-q4", "2018-01-15"), ("2017", "2018-01-25"), ("2019", "2020-01-25")]
    {
        let deadline = reports.deadline(period.parse().unwrap()).unwrap();
        assert_eq!((deadline.literal, deadline.roll), (deadline.base, deadline.base), "{period}");
        assert_eq!(deadline.base.to_string(), base);
        assert!(!deadline.shift_stated);
    }
    for wrong in ["2017-13", "2017-Q5", "2017-0", "", "x", "2017-09-01"] {
        assert!(wrong.parse::<ReportPeriod>().is_err(), "{wrong}");
    }
    assert!(reports.deadline("2027-01".parse().unwrap()).unwrap().provisional);
}

/// reference 5.5: months are cut to the end of the month, ninety days are ninety days.
#[test]
fn three_months_and_ninety_days_are_not_the_same() {
    let calendar = national();
    for (birth, months, days) in [
        ("2017-11-30", "2018-02-28", "2018-02-28"),
        ("2019-11-30", "2020-02-29", "2020-02-28"),
        ("2019-12-01", "2020-03-01", "2020-02-29"),
        ("2021-05-31", "2021-08-31", "2021-08-29"),
        ("2021-08-31", "2021-11-30", "2021-11-29"),
        ("2020-02-29", "2020-05-29", "2020-05-29"),
    ] {
        assert_eq!(calendar.due(day(birth), Term::Months(3)).date, day(months), "{birth}");
        assert_eq!(calendar.due(day(birth), Term::Days(90)).date, day(days), "{birth}");
    }
}

/// reference 9: received on a non-working day, the first working day is day 1.
#[test]
fn a_receipt_on_a_holiday_begins_with_the_next_working_day() {
    let calendar = national();
    let (days, due) = calendar.explain(day("2026-10-03"), Term::WorkingDays(1));
    assert_eq!(due.date, day("2026-10-08"));
    let first = days.iter().find(|row| row.counted == Some(1)).unwrap();
    assert_eq!((first.date, first.reason), (day("2026-10-08"), "工作日"));
    let holiday = days.iter().find(|row| row.date == day("2026-10-05")).unwrap();
    assert_eq!((holiday.counted, holiday.reason, holiday.name.as_str()), (None, "放假", "国庆节"));
}

#[test]
fn a_day_is_explained_with_its_layer_and_document() {
    let county = CalendarLayer {
        name: "county.csv",
        level: LayerLevel::County,
        text: "date,kind,name,source\n2026-04-22,holiday,抗洪停办,天政函〔2026〕示例1号\n",
    };
    let calendar = Calendar::from_csv(&[NATIONAL, GUANGXI, county]).unwrap();
    let (days, due) = calendar.explain(day("2026-04-17"), Term::WorkingDays(1));
    // Monday and Tuesday are the region's, Wednesday is the county's.
    assert_eq!(due.date, day("2026-04-23"));
    let said: Vec<_> = days.iter().filter_map(|row| Some((row.date.day(), row.layer?))).collect();
    use LayerLevel::{County, Regional};
    assert_eq!(said, [(20, Regional), (21, Regional), (22, County)]);
    assert!(days.iter().any(|row| row.source == "天政函〔2026〕示例1号"));
    let silent = "date,kind,name,source\n2026-04-22,holiday,停办,\n";
    let fault = Calendar::from_csv(&[NATIONAL, CalendarLayer { text: silent, ..county }]).unwrap_err();
    assert!(fault.to_string().contains("county.csv line 2: the column `source` is empty"), "{fault}");
}

#[test]
fn explained_days_that_count_are_the_term() {
    let calendar = guangxi();
    for (start, n, _, due) in LAYERED {
        let (days, end) = calendar.explain(day(start), Term::WorkingDays(n));
        assert_eq!(end.date, day(due));
        assert_eq!(days.iter().filter_map(|row| row.counted).max(), Some(n), "{start}");
        assert_eq!(days.last().unwrap().counted, Some(n));
        assert!(
            days.iter()
                .all(|row| row.counted.is_some() == calendar.is_working_day(row.date)
                    || row.date == day(start))
        );
    }
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

#[test]
fn office_hours_are_the_offices_own() {
    let calendar = national();
    let none =
        OfficeHours::load("office-hours.toml", include_str!("../../../../seed/office-hours.toml")).unwrap();
    assert_eq!(none.closes, None, "nothing in 003 sets them");
    assert_eq!(none.start_of(at("2026-11-20 23:59"), &calendar), day("2026-11-20"));
    assert_eq!(none.end_of(day("2026-11-20")), at("2026-11-21 00:00"));
    let load = |text: &str| OfficeHours::load("office-hours.toml", text);
    let own = load("source = \"本单位\"\ncloses = \"17:30\"\nlate_receipt = \"next_working_day\"\n").unwrap();
    assert_eq!(own.closes, NaiveTime::from_hms_opt(17, 30, 0));
    assert_eq!(own.start_of(at("2026-11-20 17:29"), &calendar), day("2026-11-20"));
    assert_eq!(own.start_of(at("2026-11-20 17:30"), &calendar), day("2026-11-23"));
    let next = load("source = \"本单位\"\ncloses = \"17:30\"\nlate_receipt = \"next_day\"\n").unwrap();
    assert_eq!(next.start_of(at("2026-11-20 18:00"), &calendar), day("2026-11-21"));
    let wrong = load("source = \"本单位\"\ncloses = \"25:00\"\n").unwrap_err();
    assert_eq!((wrong.line, wrong.key.as_str()), (2, "closes"));
    assert!(load("source = \"x\"\nlate_receipt = \"next_day\"\n").is_err());
    assert!(load("source = \"x\"\nopen = 1\n").is_err());
}
