//! Every shipped form on the screen with its sample, at two sizes: no form may exist that nobody has looked at.

use super::desk::Bench;

#[test]
fn every_form_as_the_clerk_sees_it() {
    for (cols, rows) in [(80, 24), (120, 40)] {
        let ids: Vec<String> = Bench::new(cols, rows).station.library().forms.keys().cloned().collect();
        for id in ids {
            let mut bench = Bench::new(cols, rows);
            let auditor = bench.station.library().form(&id).unwrap().def.opened_by
                == xiangbao_core::form::Role::Auditor;
            if auditor {
                bench.become_auditor();
            }
            bench.open_sample(&id, |_| {});
            insta::assert_snapshot!(format!("form_{id}_{cols}x{rows}"), bench.text());
        }
    }
}
