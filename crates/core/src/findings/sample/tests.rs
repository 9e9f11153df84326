//! The draw by its definition: every start of the walk, every fen; and by chance, within what theory allows.

use super::*;

fn units(values: &[i64]) -> Vec<Unit> {
    let unit = |(index, value): (usize, &i64)| Unit { number: format!("BX{index:04}"), value: Fen(*value) };
    values.iter().enumerate().map(unit).collect()
}

/// A walk by hand: the fen under each point.
fn fens_under(points: u32, total: u128, start: u128) -> Vec<u128> {
    (0..u128::from(points)).map(|j| (start + j * total) / u128::from(points)).collect()
}

/// Over all starts each fen is hit exactly n times out of T: every yuan has the same chance. Unequal, tiny, zero and
/// dominating cases among them.
#[test]
fn every_fen_has_the_same_chance() {
    for values in [&[7, 1, 0, 3, 5][..], &[1; 12], &[40, 1, 1, 2], &[13], &[2, 3, 5, 7, 11, 13, 17]] {
        let all = units(values);
        let refs: Vec<&Unit> = all.iter().collect();
        let total = u128::try_from(values.iter().sum::<i64>()).unwrap();
        for points in 1..=u32::try_from(total).unwrap().min(9) {
            let mut fens = vec![0_u32; usize::try_from(total).unwrap()];
            let mut drawn = vec![0_i64; values.len()];
            for start in 0..total {
                let under = fens_under(points, total, start);
                for fen in &under {
                    fens[usize::try_from(*fen).unwrap()] += 1;
                }
                // The function finds the same cases as the walk by hand.
                let flags = hit(&refs, points, start);
                let mut end = 0_u128;
                for (index, value) in values.iter().enumerate() {
                    let begin = end;
                    end += u128::try_from(*value).unwrap();
                    assert_eq!(flags[index], under.iter().any(|fen| (begin..end).contains(fen)));
                    drawn[index] += i64::from(flags[index]);
                }
            }
            assert!(fens.iter().all(|times| *times == points), "{values:?} {points}: {fens:?}");
            // A case of x fen is drawn for min(T, x·n) of the T starts.
            for (value, times) in values.iter().zip(drawn) {
                assert_eq!(times, (value * i64::from(points)).min(i64::try_from(total).unwrap()));
            }
        }
    }
}

/// Over seeds the frequency of a case is a mean of independent draws with probability p = min(1, x·n/T): it stays within
/// five standard deviations sqrt(p(1-p)/k), which fails once in about 1.7 million for each case.
#[test]
fn seeds_spread_as_theory_says() {
    let values = [120_000, 35_000, 900, 640_000, 77_700, 15_250, 410_000, 0, 266_000, 5_000];
    let (all, points, seeds) = (units(&values), 3_u32, 4_000_u32);
    let total: i64 = values.iter().sum();
    let (mut by_value, mut by_chance) = ([0_u32; 10], [0_u32; 10]);
    for seed in 0..seeds {
        for drawn in draw(&all, 3_000, points, &format!("种子{seed}")) {
            let index = all.iter().position(|unit| unit.number == drawn.number).unwrap();
            by_value[index] += u32::from(drawn.why != Why::Random);
            by_chance[index] += u32::from(drawn.why != Why::Weighted);
        }
    }
    let within = |times: u32, p: f64| {
        let k = f64::from(seeds);
        (f64::from(times) / k - p).abs() <= 5.0 * (p * (1.0 - p) / k).sqrt() + f64::EPSILON
    };
    for (index, value) in values.iter().enumerate() {
        let p = (f64::from(i32::try_from(*value).unwrap()) * 3.0 / f64::from(i32::try_from(total).unwrap()))
            .min(1.0);
        assert!(within(by_value[index], p), "case {index}: {} of {seeds}, expected {p}", by_value[index]);
        // Three of ten, any as likely as any other.
        assert!(within(by_chance[index], 0.3), "case {index}: {} of {seeds}", by_chance[index]);
    }
}

#[test]
fn the_same_seed_draws_the_same_cases_whatever_their_order() {
    let all = units(&[500, 300, 900, 40, 7, 1_200, 88, 61]);
    let mut turned = all.clone();
    turned.reverse();
    turned.push(all[2].clone());
    assert_eq!(draw(&all, 2_500, 2, "2026-10"), draw(&turned, 2_500, 2, "2026-10"));
    assert_eq!(population(&all), population(&turned));
    let other = (0..20).any(|n| draw(&all, 2_500, 2, &n.to_string()) != draw(&all, 2_500, 2, "2026-10"));
    assert!(other, "another seed draws others");
    let random = |share| draw(&all, share, 0, "s").len();
    assert_eq!([0, 1, 1_250, 1_251, 10_000, 99_999].map(random), [0, 1, 1, 2, 8, 8]);
    assert_eq!(draw(&[], 500, 5, "s"), Vec::new());
    assert_eq!(draw(&units(&[0, 0]), 0, 5, "s"), Vec::new());
}
