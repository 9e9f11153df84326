//! A township and the county above it, two real stations with a folder between them and the city over both: the case goes
//! up as a signed file (003 A14), the county's person decides, the answer takes effect in the township; and everything
//! that must not get through.

use std::path::{Path, PathBuf};

use xiangbao::app::{AppError, Imported, RouteFault, RouteGroup};
use xiangbao::demo::township::Township;
use xiangbao_core::case::{Case, Refusal};
use xiangbao_core::event::{Demand, Verdict};
use xiangbao_core::form::{FieldPath, MaterialState, Seat};
use xiangbao_core::register::{Change, PersonField, PersonStatus};
use xiangbao_core::role::{Actor, Role};

use super::office::{City, Office, files};

/// A township that decides up to the recheck, its county, the city, and the folder that is carried.
struct Pair {
    town: Office,
    people: Township,
    county: Office,
    stick: PathBuf,
    city: City,
}

fn pair() -> Pair {
    let city = City::new();
    let of = |station: &str, account: &str| format!("{station}{}", account.to_uppercase());
    let staff = |station: &str, list: &[(&'static str, Role)]| {
        list.iter().map(|(id, role)| (*id, *role, of(station, id))).collect::<Vec<_>>()
    };
    let below = staff(
        "XN01",
        &[("c1", Role::Clerk), ("c2", Role::Clerk), ("r1", Role::Rechecker), ("a1", Role::Approver)],
    );
    let mut above = staff(
        "XQ01",
        &[("c1", Role::Clerk), ("a1", Role::Approver), ("a2", Role::Approver), ("a3", Role::Approver)],
    );
    // The township's rechecker works at the county too, under another account and person.
    above[3].2 = of("XN01", "r1");
    let town = Office::placed(&city.room("XN01"), "XN01", &[Seat::Township], &below);
    let county = Office::placed(&city.room("XQ01"), "XQ01", &[Seat::County], &above);
    let (town, county) = (city.enrolled(town), city.enrolled(county));
    let people = town.settle_in();
    let stick = city.room("stick");
    std::fs::create_dir(&stick).unwrap();
    let machine = town.station.machine_actor();
    town.station.trust(&machine, "XQ01", &county.station.public_key(), &[Seat::County]).unwrap();
    county.station.trust(&machine, "XN01", &town.station.public_key(), &[Seat::Township]).unwrap();
    Pair { town, people, county, stick, city }
}

/// A member of the staff as signed in, with the recorded certificate number.
fn member(office: &Office, account: &str) -> Actor {
    let known = office.station.accounts().unwrap().into_iter().find(|a| a.account == account).unwrap();
    Actor { certno: known.certno, ..super::office::actor_in(account, &known.roles) }
}

fn case(office: &Office, case_id: &[u8; 16]) -> Case {
    office.station.snapshot().unwrap().case(case_id).unwrap().unwrap()
}

fn decide(office: &Office, account: &str, case_id: &[u8; 16], verdict: Verdict) -> Result<(), AppError> {
    let (actor, id) = (member(office, account), office.station.new_id());
    office.station.review(&actor, case_id, verdict, "同意", id).map(|_| ())
}

fn returned() -> Verdict {
    let demand = Demand {
        path: "changes[0].after".to_owned(),
        reason: "号码少一位".to_owned(),
        article: "003 A14".to_owned(),
    };
    Verdict::Returned { demands: vec![demand] }
}

impl Pair {
    /// A change of telephone, agreed in the township as far as it decides.
    fn ready(&self, phone: &str) -> [u8; 16] {
        let case_id = self.town.change(&self.people.cast.mover.psn_no, phone);
        for account in ["c2", "r1"] {
            decide(&self.town, account, &case_id, Verdict::Passed).unwrap();
        }
        case_id
    }

    fn export(&self, office: &Office) -> Vec<PathBuf> {
        let done = office.station.route_export(&member(office, "c1"), &self.stick).unwrap();
        assert_eq!(done.stuck, []);
        done.parcels.into_iter().map(|parcel| parcel.file).collect()
    }

    fn import(&self, office: &Office, file: &Path) -> Result<Imported, AppError> {
        office.station.route_import(&member(office, "c1"), file)
    }

    /// Up: the one file that is new.
    fn up(&self) -> Imported {
        let file = self.export(&self.town).pop().unwrap();
        self.import(&self.county, &file).unwrap()
    }

    /// And back.
    fn back(&self) -> Imported {
        let file = self.export(&self.county).pop().unwrap();
        self.import(&self.town, &file).unwrap()
    }

    /// The one case in the county's queue.
    fn at_county(&self) -> [u8; 16] {
        let queue = self.county.station.review_queue(&member(&self.county, "a1")).unwrap();
        assert_eq!(queue.len(), 1, "{queue:?}");
        queue[0].case_id
    }

    fn phone(&self) -> String {
        let snapshot = self.town.station.snapshot().unwrap();
        let person = snapshot.person(&self.people.cast.mover.psn_no).unwrap().unwrap();
        person.get(PersonField::Phone).to_owned()
    }

    /// Both journals whole, and the city has no objection to either.
    fn all_well(&self) {
        for office in [&self.town, &self.county] {
            office.is_sound();
            let report = office.pass(&self.city.wire());
            assert_eq!((report.fault.map(|fault| fault.class), report.returned), (None, vec![]));
        }
    }
}

#[test]
fn the_county_decides_and_the_township_s_register_changes() {
    let pair = pair();
    let case_id = pair.ready("13900000011");
    let waiting = case(&pair.town, &case_id);
    assert_eq!(waiting.filing.seats, [Seat::Township, Seat::Township, Seat::County]);
    assert_eq!(waiting.standing(), "待审批（县级）");
    // The township has an approver, but the level is not the township's.
    let own = decide(&pair.town, "a1", &case_id, Verdict::Passed).unwrap_err();
    assert!(matches!(own, AppError::Refused(Refusal::Elsewhere(Seat::County))), "{own:?}");
    let listed = pair.town.station.review_queue(&member(&pair.town, "a1")).unwrap();
    assert_eq!(listed, []);

    assert_eq!(pair.up().referrals, 1);
    assert_eq!(case(&pair.town, &case_id).standing(), "待审批（县级），已送 XQ01");
    let there = pair.at_county();
    let page = pair.county.station.open_review(&member(&pair.county, "a1"), &there).unwrap();
    assert!(page.bar.is_empty() && page.obstacle.is_empty(), "{} {}", page.bar, page.obstacle);
    assert_eq!(page.levels, ["初审（乡镇）", "复核（乡镇）", "审批（县级）"]);
    let origin = page.case.origin.as_ref().unwrap();
    assert_eq!((origin.station.as_str(), origin.no), ("XN01", 1));
    decide(&pair.county, "a1", &there, Verdict::Passed).unwrap();
    assert_eq!(case(&pair.county, &there).status.label(), "本级已审");

    assert_eq!(pair.back().answers, 1);
    let done = case(&pair.town, &case_id);
    assert_eq!((done.status.label(), pair.phone().as_str()), ("已生效", "13900000011"));
    let last = done.reviews.last().unwrap();
    assert_eq!(last.by.person, "XQ01/a1");
    let status = pair.town.station.route_status(&member(&pair.town, "c1")).unwrap();
    assert_eq!(status.rows.iter().map(|row| row.group).collect::<Vec<_>>(), [RouteGroup::CameBack]);
    pair.all_well();
}

#[test]
fn the_same_files_again_change_nothing() {
    let pair = pair();
    let case_id = pair.ready("13900000011");
    let up = pair.export(&pair.town);
    let first = files(&pair.stick);
    assert_eq!(pair.export(&pair.town), up, "not confirmed yet: written again");
    assert_eq!(files(&pair.stick), first, "the same bytes");
    assert_eq!(pair.import(&pair.county, &up[0]).unwrap().referrals, 1);
    let before = pair.county.state().stored;
    assert!(pair.import(&pair.county, &up[0]).unwrap().repeated);
    assert_eq!(pair.county.state().stored, before);
    decide(&pair.county, "a1", &pair.at_county(), Verdict::Passed).unwrap();
    let back = pair.export(&pair.county);
    pair.import(&pair.town, &back[0]).unwrap();
    let before = pair.town.state().stored;
    assert!(pair.import(&pair.town, &back[0]).unwrap().repeated);
    assert!(pair.import(&pair.county, &up[0]).unwrap().repeated);
    assert_eq!((pair.town.state().stored, pair.phone().as_str()), (before, "13900000011"));
    assert_eq!(case(&pair.town, &case_id).reviews.len(), 3);
    // The answer told that the first parcel has arrived.
    assert_eq!(pair.export(&pair.town), Vec::<PathBuf>::new());
    pair.all_well();
}

#[test]
fn altered_foreign_and_early_parcels_are_refused() {
    let pair = pair();
    pair.ready("13900000011");
    let first = pair.export(&pair.town).remove(0);
    let bytes = std::fs::read(&first).unwrap();
    let before = pair.county.state().stored;
    let bad = pair.stick.join("bad.xbp");
    for at in (0..bytes.len()).step_by(97) {
        let mut altered = bytes.clone();
        altered[at] ^= 0x20;
        std::fs::write(&bad, &altered).unwrap();
        let refused = pair.import(&pair.county, &bad).unwrap_err();
        assert!(matches!(refused, AppError::Route(_)), "byte {at}: {refused:?}");
    }
    for part in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&bad, &bytes[..part]).unwrap();
        assert!(matches!(pair.import(&pair.county, &bad), Err(AppError::Route(_))), "{part} bytes");
    }
    assert_eq!(pair.county.state().stored, before);
    let refusal = |done: Result<Imported, AppError>| match done {
        Err(AppError::Route(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert!(matches!(refusal(pair.import(&pair.town, &first)), RouteFault::Own));
    // The second before the first.
    pair.town.next_day();
    let case_id = pair.town.change(&pair.people.cast.inpatient.psn_no, "13900000012");
    for account in ["c2", "r1"] {
        decide(&pair.town, account, &case_id, Verdict::Passed).unwrap();
    }
    let second = pair.export(&pair.town).into_iter().find(|file| *file != first).unwrap();
    let early = refusal(pair.import(&pair.county, &second));
    assert!(matches!(early, RouteFault::Gap { wanted: 1, found: 2, .. }), "{early:?}");
    // Nobody pinned this one here, and it is not for this one either.
    let machine = pair.county.station.machine_actor();
    pair.county.station.trust(&machine, "XN01", &pair.town.station.public_key(), &[]).unwrap();
    assert!(matches!(refusal(pair.import(&pair.county, &first)), RouteFault::UnknownSender(_)));
    // Pinned with another key: somebody else's signature.
    pair.county
        .station
        .trust(&machine, "XN01", &pair.county.station.public_key(), &[Seat::Township])
        .unwrap();
    assert!(matches!(refusal(pair.import(&pair.county, &first)), RouteFault::Tampered { .. }));
    pair.county.station.trust(&machine, "XN01", &pair.town.station.public_key(), &[Seat::Township]).unwrap();
    assert_eq!(pair.import(&pair.county, &first).unwrap().referrals, 1);
    assert_eq!(pair.import(&pair.county, &second).unwrap().referrals, 1);
}

#[test]
fn the_same_natural_person_does_not_decide_at_both_stations() {
    let pair = pair();
    let case_id = pair.ready("13900000011");
    pair.up();
    let there = pair.at_county();
    let same = decide(&pair.county, "a3", &there, Verdict::Passed).unwrap_err();
    assert!(matches!(same, AppError::Refused(Refusal::SamePerson { .. })), "{same:?}");
    // Nor somebody whose certificate number nobody recorded.
    let unknown = Actor { certno: String::new(), ..member(&pair.county, "a1") };
    let id = pair.county.station.new_id();
    let refused = pair.county.station.review(&unknown, &there, Verdict::Passed, "同意", id).unwrap_err();
    assert!(matches!(refused, AppError::Refused(Refusal::NoCertificate)), "{refused:?}");
    // Nor anything else about a case of another station.
    let id = pair.county.station.new_id();
    let taken = pair.county.station.withdraw(&member(&pair.county, "c1"), &there, "撤回", id).unwrap_err();
    assert!(matches!(taken, AppError::Refused(Refusal::NotOurs)), "{taken:?}");
    decide(&pair.county, "a2", &there, Verdict::Passed).unwrap();
    pair.back();
    assert_eq!(case(&pair.town, &case_id).status.label(), "已生效");
    pair.all_well();
}

#[test]
fn a_returned_case_is_put_right_in_the_township_and_goes_up_again() {
    let pair = pair();
    let case_id = pair.ready("13900000011");
    pair.up();
    decide(&pair.county, "a1", &pair.at_county(), returned()).unwrap();
    pair.back();
    assert_eq!(case(&pair.town, &case_id).status.label(), "补正中");
    assert_eq!(pair.town.came_back().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [case_id]);
    let clerk = member(&pair.town, "c1");
    let station = &pair.town.station;
    let mut draft = station.open_correction(&clerk, &case_id).unwrap();
    station.save_field(&mut draft, &FieldPath::cell("changes", 0, "after"), "13900000022").unwrap();
    station.save_material(&mut draft, "idcard", MaterialState::CopyKept).unwrap();
    for finding in station.check_draft(&draft).unwrap() {
        station.answer_warning(&mut draft, &finding, "9").unwrap();
    }
    station.accept(&clerk, &draft, station.new_id()).unwrap();
    for account in ["c2", "r1"] {
        decide(&pair.town, account, &case_id, Verdict::Passed).unwrap();
    }
    assert_eq!(pair.up().referrals, 1);
    let there = pair.at_county();
    assert_eq!(case(&pair.county, &there).round, 2);
    decide(&pair.county, "a1", &there, Verdict::Passed).unwrap();
    pair.back();
    assert_eq!((case(&pair.town, &case_id).status.label(), pair.phone().as_str()), ("已生效", "13900000022"));
    pair.all_well();
}

#[test]
fn what_the_register_refuses_by_then_becomes_a_to_do_and_goes_up_again() {
    let pair = pair();
    let case_id = pair.ready("13900000011");
    pair.up();
    decide(&pair.county, "a1", &pair.at_county(), Verdict::Passed).unwrap();
    // Meanwhile the person is cancelled in the township.
    let psn_no = &pair.people.cast.mover.psn_no;
    let mut record = pair.town.station.snapshot().unwrap().person(psn_no).unwrap().unwrap();
    record.rev += 1;
    record.status = PersonStatus::Cancelled;
    let gone = [Change::Person { effective: "2026-11-20".to_owned(), record }];
    pair.town.station.load_register("注销", &gone, &mut |_, _| {}).unwrap();
    assert_eq!(pair.back().answers, 1);
    let held = case(&pair.town, &case_id);
    assert_eq!(held.standing(), "待审批（县级），未生效，须再送审");
    let came = pair.town.came_back();
    assert!(came.iter().any(|(id, why)| *id == case_id && !why.is_empty()), "{came:?}");
    // The county sees what came of its answer and decides anew.
    assert_eq!(pair.up().referrals, 1);
    let there = pair.at_county();
    let again = case(&pair.county, &there);
    assert_eq!(again.origin.as_ref().unwrap().note, held.held.unwrap());
    let refusal = Verdict::Rejected { reason: "人员已注销".to_owned(), article: "003 A15".to_owned() };
    decide(&pair.county, "a1", &there, refusal).unwrap();
    pair.back();
    assert_eq!(case(&pair.town, &case_id).status.label(), "已退件");
    pair.all_well();
}

#[test]
fn an_answer_to_a_case_that_was_withdrawn_is_kept_apart() {
    let pair = pair();
    let case_id = pair.ready("13900000011");
    pair.up();
    decide(&pair.county, "a1", &pair.at_county(), Verdict::Passed).unwrap();
    let id = pair.town.station.new_id();
    pair.town.station.withdraw(&member(&pair.town, "c1"), &case_id, "申请人撤回", id).unwrap();
    let back = pair.back();
    assert_eq!((back.answers, back.quarantined.len()), (0, 1), "{back:?}");
    assert_eq!(case(&pair.town, &case_id).status.label(), "已撤回");
    let status = pair.town.station.route_status(&member(&pair.town, "c1")).unwrap();
    assert_eq!(status.quarantined.len(), 1);
    pair.all_well();
}

#[test]
fn a_reversal_of_what_the_county_agreed_to_goes_up_as_well() {
    let pair = pair();
    let before = pair.phone();
    let case_id = pair.ready("13900000011");
    pair.up();
    decide(&pair.county, "a1", &pair.at_county(), Verdict::Passed).unwrap();
    pair.back();
    let id = pair.town.station.new_id();
    pair.town.station.propose_reversal(&member(&pair.town, "c1"), &case_id, "录错", id).unwrap();
    decide(&pair.town, "r1", &case_id, Verdict::Passed).unwrap();
    assert_eq!(pair.up().referrals, 1);
    decide(&pair.county, "a1", &pair.at_county(), Verdict::Passed).unwrap();
    pair.back();
    assert_eq!((case(&pair.town, &case_id).status.label(), pair.phone()), ("已冲正", before));
    pair.all_well();
}

#[test]
fn a_township_without_an_approver_says_so_and_hands_up() {
    let city = City::new();
    let staff = [("c1", Role::Clerk, "A".to_owned()), ("r1", Role::Rechecker, "B".to_owned())];
    let town = Office::placed(&city.room("XN02"), "XN02", &[Seat::Township], &staff);
    // An enrolment is the township's alone by its form (003 A7, A11).
    let clerk = member(&town, "c1");
    let draft = town.station.open_draft(&clerk, "enrolment", None).unwrap();
    let levels = town.station.levels_of(&draft).unwrap();
    assert_eq!(levels.words(), ["初审（乡镇）", "复核（乡镇）", "审批（县级）"]);
    let notice = levels.notice().unwrap();
    assert!(notice.contains("只有 2 人") && notice.contains("审批转县级"), "{notice}");
    let case_id = town.enrolment();
    assert_eq!(case(&town, &case_id).filing.seats, [Seat::Township, Seat::Township, Seat::County]);
}

/// What the township's reviewers were asked and said goes up with the case; the county's person answers too, and the
/// answer comes back with the decision (003 A88).
#[test]
fn findings_and_their_answers_travel_with_the_case() {
    let pair = pair();
    // Referred without a referral on record: ZZ01.
    let reason = FieldPath::single("manl_reim_rea");
    let number = FieldPath::single("refl_no");
    let case_id = pair.town.claim(&pair.people, &[(reason, "05"), (number, "ZZ20261011001")]);
    for account in ["c2", "r1"] {
        let refused = decide(&pair.town, account, &case_id, Verdict::Passed).unwrap_err();
        assert!(matches!(&refused, AppError::Refused(Refusal::FindingsOpen(codes)) if codes == &["ZZ01"]));
        pair.town.explain(&member(&pair.town, account), &case_id);
        decide(&pair.town, account, &case_id, Verdict::Passed).unwrap();
    }
    pair.up();
    let above = pair.at_county();
    let approver = member(&pair.county, "a1");
    let page = pair.county.station.open_review(&approver, &above).unwrap();
    let [doubt] = &page.doubts[..] else { panic!("{:?}", page.doubts) };
    assert_eq!((doubt.raised.code.as_str(), doubt.open, doubt.own), ("ZZ01", true, true));
    let said: Vec<&str> = doubt.answers.iter().map(|answer| answer.who.as_str()).collect();
    assert_eq!(said, ["某人（XN01）", "某人（XN01）"]);
    assert!(matches!(
        decide(&pair.county, "a1", &above, Verdict::Passed),
        Err(AppError::Refused(Refusal::FindingsOpen(_)))
    ));
    pair.county.explain(&approver, &above);
    decide(&pair.county, "a1", &above, Verdict::Passed).unwrap();
    pair.back();
    let case = case(&pair.town, &case_id);
    assert_eq!(case.status.label(), "已生效");
    let answers: Vec<(&str, bool)> =
        case.answers().iter().map(|answered| (answered.level.id(), answered.elsewhere.is_some())).collect();
    assert_eq!(answers, [("initial", false), ("recheck", false), ("approval", true)]);
    for office in [&pair.town, &pair.county] {
        assert_eq!(office.pass(&pair.city.wire()).returned, []);
        office.is_sound();
    }
}

/// reliability 10: another account of a settled case is decided from the first level on, and a level that sits at the county
/// is decided there: the parcel brings the account that is asked for and who asked, the answer brings the agreement.
#[test]
fn a_corrected_account_goes_up_to_the_level_that_sits_at_the_county() {
    let pair = pair();
    let case_id = pair.town.claim(&pair.people, &[]);
    let through = |at_county: Verdict| {
        for account in ["c2", "r1"] {
            pair.town.explain(&member(&pair.town, account), &case_id);
            decide(&pair.town, account, &case_id, Verdict::Passed).unwrap();
        }
        assert_eq!(pair.up().referrals, 1);
        let there = pair.at_county();
        let page = pair.county.station.open_review(&member(&pair.county, "a1"), &there).unwrap();
        assert_eq!(page.bar, "");
        pair.county.explain(&member(&pair.county, "a1"), &there);
        // The township's rechecker under the county's account is the same natural person.
        let same = decide(&pair.county, "a3", &there, Verdict::Passed).unwrap_err();
        assert!(matches!(same, AppError::Refused(Refusal::SamePerson { .. })), "{same:?}");
        decide(&pair.county, "a1", &there, at_county).unwrap();
        assert_eq!(pair.back().answers, 1);
        page
    };
    through(Verdict::Passed);
    let settled = case(&pair.town, &case_id);
    assert_eq!(settled.status.label(), "已生效");
    let account = |id: &str| case(&pair.town, &case_id).filing.data.field(id).to_owned();
    let (before, after) = (account("bankacct"), "6228480000000000018");
    let ask = || {
        let typed = std::collections::BTreeMap::from([("bankacct".to_owned(), after.to_owned())]);
        let (clerk, id) = (member(&pair.town, "c1"), pair.town.station.new_id());
        pair.town.station.correct_account(&clerk, &case_id, &typed, "新卡原件", id).unwrap();
    };
    // Refused above: the account stays, the case is in effect as before.
    ask();
    let reason = Verdict::Rejected { reason: "卡不是本人的".to_owned(), article: "003 A84".to_owned() };
    let page = through(reason);
    assert_eq!(page.case.status.label(), "账户更正待审批");
    let (_, asked) = page.case.correction.as_ref().unwrap();
    assert_eq!(asked.values.get("bankacct").map(String::as_str), Some(after));
    assert_eq!((case(&pair.town, &case_id).status.label(), account("bankacct")), ("已生效", before));
    // Agreed above: taken, and due again by the same settlement.
    ask();
    assert_eq!(case(&pair.town, &case_id).status.label(), "账户更正待初审");
    through(Verdict::Passed);
    let done = case(&pair.town, &case_id);
    assert_eq!((done.status.label(), account("bankacct").as_str()), ("已生效", after));
    assert!(done.is_due() && done.settlement == settled.settlement);
    let above: Vec<&str> = done.reviews.iter().filter(|r| r.account).map(|r| r.level.id()).collect();
    assert_eq!(above, ["initial", "recheck", "approval", "initial", "recheck", "approval"]);
    pair.all_well();
}
