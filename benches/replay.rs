//! What a county waits for before a pack goes live: 100,000 settled reimbursements of a township, twelve lines each and five
//! of each person, read from the store and asked again; on one thread and on all of the machine.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a bench stops at the first fault, and says how it was set up"
)]

mod desk;
#[path = "../tests/office/many.rs"]
mod many;

use std::fs::File;
use std::hint::black_box;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Bound;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};
use xiangbao::app::{Library, ReplayPeriod, Station, SystemClock, SystemEntropy};
use xiangbao::store::{FILE_NAME, Store};

/// Persons with settled bills, where `XIANGBAO_PERSONS` does not say otherwise.
const PERSONS: u32 = 20_000;
/// Settled bills of each.
const BILLS_EACH: u32 = 5;

/// The file without its syncs: 100,000 durable writes one after the other take minutes, and are not what is measured.
#[derive(Debug)]
struct Unsynced(FileBackend);

impl StorageBackend for Unsynced {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }

    // One process, one handle: every lock is free.
    fn try_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn try_lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn unlock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn query_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(false)
    }
}

fn persons() -> u32 {
    std::env::var("XIANGBAO_PERSONS").ok().and_then(|count| count.parse().ok()).unwrap_or(PERSONS)
}

/// The township's bills, settled and in effect; the station as it is opened for work.
fn township() -> (Station, xiangbao_core::role::Actor, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let office = desk::office(folder.path(), 60);
    let accepted =
        office.station.accept(&office.clerk, &office.draft("BX"), office.station.new_id()).unwrap();
    let pattern = office.station.snapshot().unwrap().case(&accepted.case_id).unwrap().unwrap().filing;
    let desk::Office { station, clerk, .. } = office;
    let identity = station.store().identity().clone();
    drop(station);
    let begun = Instant::now();
    let file = File::options().read(true).write(true).open(folder.path().join(FILE_NAME)).unwrap();
    let store = Store::open_on(Unsynced(FileBackend::new(file).unwrap()), &identity).unwrap();
    let library = Library::load(None).unwrap_or_else(|error| panic!("{error}"));
    let filled = Station::new(store, library, Box::new(SystemClock), Box::new(SystemEntropy), folder.path());
    many::settle_many(&filled, &pattern, persons(), BILLS_EACH);
    drop(filled);
    let bytes = std::fs::metadata(folder.path().join(FILE_NAME)).unwrap().len();
    let written = begun.elapsed();
    let begun = Instant::now();
    let station = Station::open(folder.path()).unwrap();
    eprintln!("{} MiB in {written:.0?}; opened in {:.1?}", bytes >> 20, begun.elapsed());
    (station, clerk, folder)
}

fn replay(criterion: &mut Criterion) {
    let (station, clerk, _folder) = township();
    let pack = &station.library().policy;
    let cases = persons() * BILLS_EACH;
    let all = std::thread::available_parallelism().unwrap();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10);
    for threads in [NonZeroUsize::MIN, all] {
        group.bench_function(format!("{cases} settled cases on {threads} threads"), |bencher| {
            bencher.iter(|| {
                let period = ReplayPeriod::default();
                let report =
                    station.replay_on(threads, &clerk, black_box(pack), period, &mut |_, _| true).unwrap();
                assert_eq!((report.asked, report.same), (u64::from(cases), report.asked));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, replay);
criterion_main!(benches);
