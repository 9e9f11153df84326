//! Days without a hub, answers that get lost, and what the clerk is told meanwhile.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use xiangbao::app::{Reach, Route};
use xiangbao::sync::{FaultClass, SyncWorker};
use xiangbao_core::event::{CITY_ANSWERED, Event};
use xiangbao_core::register::PersonField;

use super::office::City;

#[test]
fn days_without_a_hub_block_nothing_and_then_everything_arrives() {
    let mut city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    city.stop();
    let stick = city.room("stick");
    std::fs::create_dir(&stick).unwrap();

    let persons = [&town.cast.mover.psn_no, &town.cast.leaver.psn_no, &town.cast.inpatient.psn_no];
    let mut worker = SyncWorker::new();
    let mut cases = Vec::new();
    for (day, psn_no) in persons.into_iter().enumerate() {
        let case = office.change(psn_no, &format!("1390000001{day}"));
        office.approve(&case);
        cases.push(case);
        let report = office.station.pass(&city.wire(), &mut worker, false).unwrap();
        let fault = report.fault.unwrap();
        assert_eq!((fault.class, fault.never_left), (FaultClass::Network, true));
        assert_eq!((report.sent_through, report.receipted_through, report.receipts), (0, 0, 0));
        office.next_day();
    }
    // Nothing left the house, and nothing says so.
    let state = office.state();
    assert_eq!((state.sent, state.received, state.open), (0, 0, state.stored));
    assert_eq!((state.oldest.as_str(), state.trouble.as_str()), ("11-20 09:00", ""));
    for case in &cases {
        assert_eq!(office.listed(case).row.status.label(), "已生效");
        assert_eq!(office.reaches(case), [Reach::Stored; 5]);
    }

    // A stick takes all of it along; nobody has answered yet.
    let handed = office.pass(&Route::Folder(stick.clone()));
    assert_eq!(handed.fault.map(|fault| fault.class), Some(FaultClass::NoReceiptYet));
    assert_eq!(office.state().sent, state.stored);
    for case in &cases {
        assert_eq!(office.reaches(case), [Reach::Sent; 5]);
    }
    let sealed = office.outbox();

    city.start();
    let report = office.station.pass(&city.wire(), &mut worker, true).unwrap();
    assert_eq!((report.fault, report.receipted_through, report.returned.len()), (None, state.stored, 0));
    assert_eq!(city.status().stations[0].through, state.stored);
    assert_eq!(city.status().operations, state.stored);
    for case in &cases {
        assert_eq!(office.reaches(case), [Reach::Accepted; 5]);
    }
    // What was sealed once is what was sent.
    assert_eq!(office.outbox(), sealed);
    let done = office.state();
    assert_eq!((done.received, done.open, done.returned), (state.stored, 0, 0));
    assert_eq!(done.oldest, "");

    // The city's answers stand in the journal, and no answer is answered.
    let receipts = office.receipts();
    assert_eq!(receipts.len(), sealed.len());
    let answers = office.station.snapshot().unwrap().operations(state.stored + 1, 100).unwrap();
    let throughs: Vec<u64> = answers
        .iter()
        .map(|operation| {
            assert_eq!(operation.kind, CITY_ANSWERED);
            match Event::decode(operation.kind, &operation.payload).unwrap() {
                Event::CityAnswered { through, .. } => through,
                other => unreachable!("{other:?}"),
            }
        })
        .collect();
    let acknowledged: Vec<u64> = receipts.iter().map(|receipt| receipt.accepted_through).collect();
    assert_eq!(throughs, acknowledged);
    office.is_sound();
    for _ in 0..3 {
        let again = office.pass(&city.wire());
        assert_eq!((again.sealed, again.sent, again.receipts, again.fault), (0, 0, 0, None));
    }
    assert_eq!((office.outbox(), office.state()), (sealed, done));
    assert_eq!(city.status().receipts, receipts.len() as u64);
}

/// Passes requests on to a hub, waits until it has answered, and keeps the answers.
fn deaf_line(hub: SocketAddr) -> Route {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for caller in listener.incoming() {
            let Ok(mut caller) = caller else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !whole(&request) {
                match caller.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(count) => request.extend_from_slice(&buffer[..count]),
                }
            }
            let mut upstream = TcpStream::connect(hub).unwrap();
            upstream.write_all(&request).unwrap();
            let count = upstream.read(&mut buffer).unwrap();
            assert!(buffer[..count].starts_with(b"HTTP/1.1 200"));
        }
    });
    Route::Wire(format!("http://{address}"))
}

fn whole(request: &[u8]) -> bool {
    let Some(head) = request.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let words = String::from_utf8_lossy(&request[..head]).to_ascii_lowercase();
    let length = words.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap_or("0");
    request.len() - head - 4 >= length.trim().parse().unwrap()
}

#[test]
fn a_lost_answer_means_the_same_bytes_again_and_nothing_twice() {
    let mut city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    let case = office.change(&town.cast.mover.psn_no, "13900000010");
    office.approve(&case);
    let stored = office.state().stored;

    let lost = office.pass(&deaf_line(city.address()));
    let fault = lost.fault.unwrap();
    assert_eq!((fault.class, fault.never_left), (FaultClass::Network, false));
    assert_eq!((lost.sent_through, lost.receipted_through), (stored, 0));
    // The city has it; the station does not know and says no more than it knows.
    assert_eq!(city.status().stations[0].through, stored);
    assert_eq!(office.reaches(&case), [Reach::Sent; 5]);
    let sealed = office.outbox();
    assert_eq!(sealed.len(), 1);

    city.stop();
    assert_eq!(office.pass(&city.wire()).fault.map(|fault| fault.class), Some(FaultClass::Network));
    let office = office.moved_to(None);
    office.next_day();
    let later = office.change(&town.cast.leaver.psn_no, "13900000011");
    city.start();

    let found = office.pass(&city.wire());
    assert_eq!((found.fault, found.sealed, found.sent, found.receipts), (None, 1, 2, 2));
    assert_eq!(office.outbox()[..1], sealed);
    assert_eq!(office.receipts()[0].accepted_through, stored);
    let status = city.status();
    assert_eq!((status.operations, status.receipts, status.returned), (found.receipted_through, 2, 0));
    assert_eq!(
        (office.reaches(&case), office.reaches(&later)),
        (vec![Reach::Accepted; 5], vec![Reach::Accepted])
    );
    office.is_sound();
    assert_eq!(office.pass(&city.wire()).sent, 0);
}

#[test]
fn two_passes_at_once_beside_people_at_work_seal_nothing_twice() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    let persons: Vec<String> = town
        .people()
        .filter(|person| !person.get(PersonField::Phone).is_empty())
        .map(|person| person.psn_no.clone())
        .take(6)
        .collect();
    let clerk = super::office::actor("c1");
    let mut running = Vec::new();
    for (number, psn_no) in persons.iter().enumerate() {
        running.push(office.station.start_sync(&clerk).unwrap());
        running.push(office.station.start_sync(&clerk).unwrap());
        let case = office.change(psn_no, &format!("1390000002{number}"));
        office.approve(&case);
    }
    while let Some(pass) = running.pop() {
        let report = std::iter::from_fn(|| Some(pass.poll())).find_map(|answer| {
            std::thread::yield_now();
            answer
        });
        assert_eq!(report.unwrap().unwrap().fault, None);
    }
    office.pass(&city.wire());
    let state = office.state();
    assert_eq!((state.open, city.status().operations), (0, state.received));
    // The batches lie end to end: no operation stands in two of them.
    let batches = office.station.snapshot().unwrap().batches().unwrap();
    let mut next = 1;
    for batch in &batches {
        assert_eq!(batch.first, next);
        next = batch.last + 1;
    }
    assert_eq!((next - 1, office.outbox().len()), (state.received, batches.len()));
    office.is_sound();
}

#[test]
fn a_batch_altered_in_the_outbox_is_not_sent_but_sealed_anew() {
    let mut city = City::new();
    let office = city.office("TC01");
    city.stop();
    office.pass(&city.wire());
    let (name, mut bytes) = office.outbox().remove(0);
    bytes[100] ^= 1;
    std::fs::write(office.station.folder().join("outbox").join(&name), bytes).unwrap();
    city.start();
    let error = office.station.sync(&super::office::actor("c1"), &city.wire()).unwrap_err();
    assert!(error.zh().contains(&name), "{}", error.zh());
    assert_eq!(city.status().operations, 0);

    let healed = office.pass(&city.wire());
    assert_eq!((healed.fault, healed.sealed, healed.receipts), (None, 1, 1));
    assert_eq!(city.status().operations, healed.receipted_through);
    // What was altered is kept for whoever looks into it.
    assert!(office.outbox().iter().any(|(name, _)| name.ends_with(".kept")));
    office.is_sound();
}

#[test]
fn lost_files_of_the_outbox_are_sealed_again_from_the_journal() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    let stick = city.room("stick");
    std::fs::create_dir(&stick).unwrap();
    for psn_no in [&town.cast.mover.psn_no, &town.cast.leaver.psn_no, &town.cast.inpatient.psn_no] {
        office.change(psn_no, "13900000010");
        office.pass(&Route::Folder(stick.clone()));
    }
    let stored = office.state().stored;
    let (second, _) = office.outbox().remove(1);
    std::fs::remove_file(office.station.folder().join("outbox").join(&second)).unwrap();
    assert!(office.station.sync(&super::office::actor("c1"), &city.wire()).is_err());
    let healed = office.pass(&city.wire());
    // The answer to the first batch went along.
    assert_eq!((healed.fault, healed.receipted_through), (None, stored + 1));
    assert_eq!((city.status().operations, office.state().open), (stored + 1, 0));
    let batches = office.station.snapshot().unwrap().batches().unwrap();
    let ends: Vec<(u64, u64)> = batches.iter().map(|batch| (batch.first, batch.last)).collect();
    assert!(ends.windows(2).all(|pair| pair[1].0 == pair[0].1 + 1), "{ends:?}");
    office.is_sound();
}
