//! The disk below the store: a call that fails at every place it can, a power cut that forgets what was not synced,
//! and hands that alter the file. What was acknowledged is there afterwards, whole, and nothing else is believed.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use redb::{BackendError, Database, StorageBackend, TableDefinition};
use xiangbao::store::verify::{self, Finding, verify};
use xiangbao::store::{Append, FILE_NAME, Identity, Store};
use xiangbao_core::event::{Account, Event};
use xiangbao_core::journal::Actor;
use xiangbao_core::role::Role;

/// What the platter holds, and what only the cache holds.
#[derive(Debug, Default)]
struct Platter {
    /// As written.
    now: Vec<u8>,
    /// As of the last sync.
    synced: Vec<u8>,
    /// Writes since the last sync, in order.
    pending: Vec<(u64, Vec<u8>)>,
    calls: u64,
    fail_at: Option<u64>,
    for_ever: bool,
}

#[derive(Clone, Debug, Default)]
struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    fn step(&self) -> io::Result<std::sync::MutexGuard<'_, Platter>> {
        let mut platter = self.0.lock().unwrap();
        platter.calls += 1;
        let hit = platter
            .fail_at
            .is_some_and(|at| if platter.for_ever { platter.calls >= at } else { platter.calls == at });
        if hit { Err(io::Error::other("the disk does not answer")) } else { Ok(platter) }
    }

    /// The disk after a power cut: the synced image plus those unsynced writes that `keep` says arrived.
    fn after_power_cut(&self, keep: impl Fn(usize) -> bool) -> Self {
        let platter = self.0.lock().unwrap();
        let mut image = platter.synced.clone();
        for (index, (offset, bytes)) in platter.pending.iter().enumerate() {
            if !keep(index) {
                continue;
            }
            let (start, end) =
                (usize::try_from(*offset).unwrap(), usize::try_from(*offset).unwrap() + bytes.len());
            if image.len() < end {
                image.resize(end, 0);
            }
            image[start..end].copy_from_slice(bytes);
        }
        let whole = Platter { now: image.clone(), synced: image, ..Platter::default() };
        Self(Arc::new(Mutex::new(whole)))
    }

    /// The same disk, answering again.
    fn healed(&self) -> Self {
        let platter = self.0.lock().unwrap();
        let whole = Platter { now: platter.now.clone(), synced: platter.now.clone(), ..Platter::default() };
        Self(Arc::new(Mutex::new(whole)))
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let platter = self.0.lock().unwrap();
        let start = usize::try_from(offset).unwrap();
        let slice = platter.now.get(start..start + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(slice);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.step()?.now.resize(usize::try_from(len).unwrap(), 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.step()?;
        platter.synced = platter.now.clone();
        platter.pending.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut platter = self.step()?;
        let start = usize::try_from(offset).unwrap();
        platter.now[start..start + data.len()].copy_from_slice(data);
        platter.pending.push((offset, data.to_vec()));
        Ok(())
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

fn identity() -> Identity {
    Identity { station: "TC01".into(), epoch: 1, instance: [7; 16], signing_seed: [9; 32] }
}

fn append(number: u8) -> Append {
    let account = Account {
        account: format!("a{number}"),
        person: format!("p{number}"),
        name: "农甲".into(),
        certno: String::new(),
        roles: vec![Role::Clerk],
        villages: Vec::new(),
        closed: false,
    };
    let actor = Actor { person: "p".into(), account: "a".into(), role: "clerk".into(), session: "s".into() };
    let mut command = [number; 16];
    (command[14], command[15]) = (0, 0);
    Append {
        command,
        case_id: None,
        actor,
        wall_ms: 1_700_000_000_000 + i64::from(number),
        salts: vec![[number; 16]; 2],
        events: vec![
            Event::AccountPut { account: account.clone() },
            Event::AccountPut { account: Account { name: "农乙".into(), ..account } },
        ],
        local: Vec::new(),
    }
}

/// Appends until the disk fails; answers how many were acknowledged.
fn work(disk: &Disk, commands: u8) -> u8 {
    let Ok(store) = Store::open_on(disk.clone(), &identity()) else { return 0 };
    (1..=commands).take_while(|number| store.append(&append(*number)).is_ok()).count().try_into().unwrap()
}

/// Opens the disk again: what was acknowledged is there, at most one more command landed whole, and journal and
/// projections agree.
fn inspect(disk: &Disk, acknowledged: u8, about: &str) {
    let store = Store::open_on(disk.clone(), &identity()).unwrap_or_else(|e| panic!("{about}: {e}"));
    let snapshot = store.snapshot().unwrap();
    let head = snapshot.head().unwrap().seq;
    let whole = [u64::from(acknowledged) * 2, u64::from(acknowledged) * 2 + 2];
    assert!(whole.contains(&head), "{about}: acknowledged {acknowledged}, head {head}");
    let verdict = verify(&snapshot, &mut |_, _| true).unwrap().unwrap();
    assert_eq!(verdict.findings, [], "{about}");
    assert_eq!(verdict.operations, head, "{about}");
    // And work goes on.
    store.append(&append(200)).unwrap_or_else(|e| panic!("{about}: {e}"));
}

/// A founded store's disk. Founding itself happens in a file of another name that is renamed when whole
/// (`Store::create`), so the faults begin after it.
fn founded() -> Disk {
    let disk = Disk::default();
    drop(Store::open_on(disk.clone(), &identity()).unwrap());
    disk.healed()
}

/// How many disk calls the whole work takes, without a fault.
fn calls(commands: u8) -> u64 {
    let disk = founded();
    assert_eq!(work(&disk, commands), commands);
    disk.0.lock().unwrap().calls
}

#[test]
fn a_call_that_fails_anywhere_loses_nothing_that_was_acknowledged() {
    let commands = 4;
    for fail_at in 1..=calls(commands) {
        for for_ever in [false, true] {
            let disk = founded();
            (disk.0.lock().unwrap().fail_at, disk.0.lock().unwrap().for_ever) = (Some(fail_at), for_ever);
            let acknowledged = work(&disk, commands);
            inspect(&disk.healed(), acknowledged, &format!("call {fail_at}, for ever: {for_ever}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The power goes at any call; of the writes since the last sync any part may have arrived.
    #[test]
    fn a_power_cut_loses_nothing_that_was_acknowledged(at in 0..4_000u64, arrived in any::<u64>()) {
        let commands = 4;
        let disk = founded();
        let cut = at % calls(commands) + 1;
        (disk.0.lock().unwrap().fail_at, disk.0.lock().unwrap().for_ever) = (Some(cut), true);
        let acknowledged = work(&disk, commands);
        let after = disk.after_power_cut(|index| arrived >> (index % 64) & 1 == 1);
        inspect(&after, acknowledged, &format!("call {cut}, arrived {arrived:x}"));
    }
}

#[test]
fn the_same_command_again_gets_the_same_answer_and_another_content_is_refused() {
    let store = Store::open_on(Disk::default(), &identity()).unwrap();
    let first = store.append(&append(1)).unwrap();
    assert_eq!(store.append(&append(1)).unwrap(), first);
    let mut other = append(1);
    other.events.pop();
    assert!(store.append(&other).is_err());
    assert_eq!(store.snapshot().unwrap().head().unwrap().seq, 2);
}

#[test]
fn a_second_process_is_told_to_attach() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), &identity()).unwrap();
    let second = Store::open(folder.path()).err().unwrap();
    assert!(second.zh().contains("xiangbao attach"), "{}", second.zh());
    assert!(Store::create(folder.path(), &identity()).is_err());
    drop(store);
    assert!(Store::open(folder.path()).is_ok());
}

/// Alters one value of a closed data file.
fn tamper(folder: &std::path::Path, table: &'static str, change: impl Fn(&mut BTreeMap<Vec<u8>, Vec<u8>>)) {
    let definition: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new(table);
    let db = Database::open(folder.join(FILE_NAME)).unwrap();
    let txn = db.begin_write().unwrap();
    {
        let mut table = txn.open_table(definition).unwrap();
        let mut rows = BTreeMap::new();
        while let Some((key, value)) = table.pop_first().unwrap() {
            rows.insert(key.value().to_vec(), value.value().to_vec());
        }
        change(&mut rows);
        for (key, value) in rows {
            table.insert(key.as_slice(), value.as_slice()).unwrap();
        }
    }
    txn.commit().unwrap();
}

fn findings_after(table: &'static str, change: impl Fn(&mut BTreeMap<Vec<u8>, Vec<u8>>)) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), &identity()).unwrap();
    for number in 1..=4 {
        store.append(&append(number)).unwrap();
    }
    verify::check_tail(&store.snapshot().unwrap()).unwrap();
    drop(store);
    tamper(folder.path(), table, change);
    let store = Store::open(folder.path()).unwrap();
    // Whatever the walk finds in the chain, the look before work finds too.
    let quick = verify::check_tail(&store.snapshot().unwrap());
    assert_eq!(quick.is_err(), table == "journal", "{quick:?}");
    verify(&store.snapshot().unwrap(), &mut |_, _| true).unwrap().unwrap().findings
}

#[test]
fn every_altered_byte_of_the_journal_is_found_and_located() {
    let key = |seq: u64| seq.to_be_bytes().to_vec();
    let len = {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path(), &identity()).unwrap();
        store.append(&append(1)).unwrap();
        store.snapshot().unwrap().operations(2, 1).unwrap()[0].encode().len()
    };
    for position in (0..len).step_by(7) {
        let found = findings_after("journal", |rows| rows.get_mut(&key(2)).unwrap()[position] ^= 1);
        let located =
            matches!(found.first(), Some(Finding::Chain { seq: 2, .. } | Finding::Payload { seq: 2, .. }));
        assert!(located, "byte {position}: {found:?}");
    }
}

#[test]
fn a_removed_swapped_or_cut_journal_is_found_and_located() {
    let key = |seq: u64| seq.to_be_bytes().to_vec();
    let removed = findings_after("journal", |rows| drop(rows.remove(&key(3))));
    assert!(matches!(removed.first(), Some(Finding::Chain { seq: 4, .. })), "{removed:?}");
    let swapped = findings_after("journal", |rows| {
        let (a, b) = (rows[&key(3)].clone(), rows[&key(4)].clone());
        rows.insert(key(3), b);
        rows.insert(key(4), a);
    });
    assert!(matches!(swapped.first(), Some(Finding::Chain { seq: 3, .. })), "{swapped:?}");
    // The last one under a number that nobody asks for: whole in itself, and lost all the same.
    let astray = findings_after("journal", |rows| {
        let last = rows.remove(&key(8)).unwrap();
        rows.insert(key(80), last);
    });
    assert!(matches!(astray.first(), Some(Finding::Chain { seq: 80, .. })), "{astray:?}");
    let cut = findings_after("journal", |rows| drop(rows.remove(&key(8))));
    assert!(matches!(cut.first(), Some(Finding::Head { walked: 7, recorded: 8 })), "{cut:?}");
}

#[test]
fn an_altered_projection_is_found_with_its_table_and_key() {
    let altered = findings_after("accounts", |rows| {
        *rows.get_mut(b"a2".as_slice()).unwrap().last_mut().unwrap() ^= 1;
    });
    let expected = |how| Finding::Derived { table: "accounts", key: "6132".into(), how };
    assert_eq!(altered, [expected("different")]);
    let removed = findings_after("accounts", |rows| drop(rows.remove(b"a2".as_slice())));
    assert_eq!(removed, [expected("missing")]);
    let added = findings_after("accounts", |rows| drop(rows.insert(b"a2x".to_vec(), vec![1])));
    assert!(matches!(added.first(), Some(Finding::Derived { how: "superfluous", .. })), "{added:?}");
}

/// More than the quick look reads is gone at once: an empty end is no good end.
#[test]
fn a_journal_cut_far_back_is_no_station_to_work_with() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), &identity()).unwrap();
    let many = |number: u8| {
        let account = append(number).events.remove(0);
        Append { events: vec![account; 300], ..append(number) }
    };
    for number in 1..=4 {
        store.append(&many(number)).unwrap();
    }
    verify::check_tail(&store.snapshot().unwrap()).unwrap();
    drop(store);
    tamper(folder.path(), "journal", |rows| rows.retain(|key, _| key < &100_u64.to_be_bytes().to_vec()));
    let store = Store::open(folder.path()).unwrap();
    assert!(verify::check_tail(&store.snapshot().unwrap()).is_err());
}

#[test]
fn data_file_and_folder_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("station");
    drop(Store::create(&data, &identity()).unwrap());
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join(FILE_NAME))), (0o700, 0o600));
}
