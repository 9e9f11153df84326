//! Bounded fuzzing of everything that reads an office's files: forms with their expressions, print templates, code tables,
//! calendars. No input makes a loader panic or hang, every fault has its line, and a form that loads judges any values.
//!
//! `FUZZ_SECONDS` sets the time (5 by default), `FUZZ_SEED` repeats a run. An input that fails is written to a file, to be
//! copied to `tests/fuzz/corpus/`: everything there is tried first, for ever.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly, and says which seed it played"
)]

#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/targets.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mutate::{Dice, Seed, mutated};
use targets::{Sort, World};

/// An input that takes longer than this hangs, even on a machine that does much else.
const HANG: Duration = Duration::from_secs(60);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files of a folder with this ending, as seeds.
fn folder(path: &str, ending: &str, sort: Sort, seeds: &mut Vec<Seed>) {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root().join(path)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == ending)) {
        seeds.push(Seed { sort, text: std::fs::read_to_string(file).unwrap() });
    }
}

fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    folder("forms", "toml", Sort::Form, &mut seeds);
    folder("crates/core/tests/forms/broken", "toml", Sort::Form, &mut seeds);
    folder("print-templates", "toml", Sort::Template, &mut seeds);
    folder("seed/codes", "csv", Sort::Codes, &mut seeds);
    folder("seed/calendar", "csv", Sort::Calendar, &mut seeds);
    // Long tables say nothing more than short ones.
    for seed in seeds.iter_mut().filter(|seed| matches!(seed.sort, Sort::Codes | Sort::Calendar)) {
        seed.text = seed.text.lines().take(60).map(|line| format!("{line}\n")).collect();
    }
    let expressions: Vec<Seed> = seeds
        .iter()
        .filter(|seed| seed.sort == Sort::Form)
        .flat_map(|seed| seed.text.lines())
        .filter_map(|line| line.split_once(" = '").and_then(|(_, rest)| rest.strip_suffix('\'')))
        .map(|text| Seed { sort: Sort::Expression, text: text.to_owned() })
        .collect();
    seeds.extend(expressions);
    seeds
}

/// Tries one input; a panic is answered with its words.
fn tried(world: &World, sort: Sort, text: &str, dice: &mut Dice) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| world.judge(sort, text, dice))).map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        words.or(panic.downcast_ref::<&str>().copied()).unwrap_or("panic").to_owned()
    })
}

fn kept(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_corpus_of_old_failures_stays_good() {
    let world = World::new();
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")).unwrap();
    let mut count = 0;
    for path in files.map(|file| file.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let sort =
            Sort::of(&name).unwrap_or_else(|| panic!("{name}: begin the name with form-, expression-, .."));
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for round in 0..20 {
            if let Err(words) = tried(&world, sort, &text, &mut Dice(round)) {
                panic!("{name}: {words}");
            }
        }
        count += 1;
    }
    assert!(count >= 5, "{count}");
}

#[test]
fn nothing_an_office_writes_makes_a_loader_panic_or_hang() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(5);
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        u64::try_from(now.as_nanos() % 1_000_000_007).unwrap()
    });
    let (round, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let worker = {
        let (round, done) = (Arc::clone(&round), Arc::clone(&done));
        // As little stack as the smallest thread of the station has.
        let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
        thread.spawn(move || {
            let answer = work(seed, Duration::from_secs(seconds), &round);
            done.store(true, Ordering::Relaxed);
            answer
        })
    };
    let worker = worker.expect("a thread");
    let (mut last, mut since) = (0, Instant::now());
    while !done.load(Ordering::Relaxed) && !worker.is_finished() {
        std::thread::sleep(Duration::from_millis(50));
        let now = round.load(Ordering::Relaxed);
        if now != last {
            (last, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < HANG, "FUZZ_SEED={seed}: input {now} takes longer than {HANG:?}");
    }
    match worker.join() {
        Ok(Ok(rounds)) => assert!(rounds > 20, "only {rounds} inputs were tried"),
        Ok(Err(words)) => panic!("{words}"),
        Err(_) => panic!("FUZZ_SEED={seed}: the worker ended at input {}", round.load(Ordering::Relaxed)),
    }
}

fn work(seed: u64, time: Duration, round: &AtomicU64) -> Result<u64, String> {
    let world = World::new();
    let seeds = seeds();
    // A stack that overflows ends the process without a word: what was tried stands here.
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz-last-input");
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < time {
        count += 1;
        round.store(count, Ordering::Relaxed);
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(count));
        let (sort, text) = mutated(&seeds, &mut dice);
        std::fs::write(&trace, &text).unwrap();
        let slow = Instant::now();
        if let Err(words) = tried(&world, sort, &text, &mut dice) {
            let path = kept(&format!("{}-{seed}-{count}", sort.word()), &text);
            return Err(format!("FUZZ_SEED={seed}: {words}\ninput {count} is kept at {}", path.display()));
        }
        if slow.elapsed() > HANG / 6 {
            let path = kept(&format!("{}-{seed}-{count}", sort.word()), &text);
            return Err(format!("FUZZ_SEED={seed}: {:?} for {}", slow.elapsed(), path.display()));
        }
    }
    eprintln!("FUZZ_SEED={seed}: {count} inputs");
    Ok(count)
}
