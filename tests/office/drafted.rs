//! The seed's policy as a draft: one text of the file of inpatients replaced by another, everywhere it stands.

const FOLDER: &str = "seed/policy/guangxi-2017";

/// The files of the draft by name, in no order.
pub fn drafted(old: &str, new: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut text = std::fs::read_to_string(&path).unwrap();
        if name == "settlement-inpatient.toml" {
            assert!(text.contains(old), "{old} is in the file");
            text = text.replace(old, new);
        }
        files.push((name, text));
    }
    files
}
