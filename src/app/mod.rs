//! The use cases of a station, one file each: authorise, read, decide, append. The only way from a screen or a
//! command to the data. Knows core, store, print, sync and exchange;
//! must not know screens, terminals or argument parsing.

mod accounts;
mod audit;
mod bill;
mod call_list;
mod case_view;
mod catalogue;
mod check_library;
mod citation;
mod clock;
mod close_case;
mod correct_account;
mod deduct_file;
mod deduct_result;
mod deduction_roster;
mod definitions;
mod differences;
mod drafts;
mod due_board;
mod error;
mod exchange;
mod files;
mod doctors;
mod export_cases;
mod findings;
mod fill_person;
mod find_person;
mod found;
mod home;
mod import_bill;
mod import_roster;
mod intake;
mod levels_of;
mod library;
mod library_clocks;
mod library_faults;
mod library_findings;
mod office;
mod person_papers;
mod library_files;
mod library_banks;
mod outage;
mod outlook;
mod packs;
mod pay_approve;
mod pay_export;
mod pay_make;
mod pay_print;
mod pay_recover;
mod pay_return;
mod pay_words;
mod payments;
mod peers;
mod print_case;
mod print_data;
mod print_village;
mod printers;
mod prove_paper;
mod replay;
mod review;
mod sampling;
mod scans;
mod route_export;
mod route_import;
mod route_status;
mod settle_case;
mod sign_in;
mod station;
mod sync_now;
mod verify_journal;
mod village_drafts;
mod what_if;
mod wording;

pub use accounts::NewAccount;
pub use bill::{BillMatch, BillSums};
pub use call_list::{CallList, CallOrder, CallRow};
pub use case_view::{CaseRow, OPEN, Reach, TimelineRow};
pub use catalogue::{
    CatalogueReport, CatalogueStatus, catalogue_status, import_catalogue, installed_catalogue,
};
pub use deduct_file::{DeductionRow, DeductionWritten};
pub use deduction_roster::{AGREEMENT_FORM, DeductionRoster, RosterOrder, RosterRow};
pub use definitions::same_version;
pub use differences::{Difference, differences, version_warnings};
pub use doctors::{DoctorFault, DoctorImport};
pub use drafts::{FieldSaved, action_to_fill, answer_key};
pub use due_board::DueBoard;
pub use error::AppError;
pub use exchange::{Hub, Route, Running};
pub use export_cases::{CaseFilter, ExportColumn, Exported};
pub use files::write_private;
pub use find_person::{MAX_ROWS, PersonCard, PersonFiling, PersonRow};
pub use findings::{Doubt, DoubtAnswer, DoubtPage};
pub use found::{Founding, OpenError};
pub use home::Home;
pub use import_bill::{BillPreview, BillRemark};
pub use import_roster::{ImportOrder, ImportReport, ImportedClass, ROSTER_FORM, roster_template};
pub use intake::Accepted;
pub use levels_of::LevelsDue;
pub use library::{AREA, Fault, Form, Library, LibraryError};
pub use library_banks::Bank;
pub use office::{OFFICE_FILE, Office};
pub use outage::OutageInput;
pub use outlook::{Outlook, OutlookLine};
pub use packs::areas;
pub use pay_export::WrittenFile;
pub use pay_return::ReturnReport;
pub use payments::{PayableRow, PaymentListPage, PaymentListRow};
pub use person_papers::{IssuedPaper, PROOF, PaperWish, Purpose, RECORD};
pub use print_case::{
    Prepared, Printed, REFUSAL_NOTICE, REJECTION_NOTICE, SETTLEMENT_SLIP, SUPPLEMENT_NOTICE, Wish,
};
pub use print_data::material_word;
pub use print_village::{RunningVillage, VILLAGE_COVER, VillagePrinted, VillageWish};
pub use printers::{Calibrated, DEFAULT_PRINTER, Spooling};
pub use prove_paper::{CopyFound, PaperAnswer, Verdict};
pub use replay::{ReplayPeriod, ReplayReport, ReplayRow};
pub use review::{QueueRow, ReviewPage, ReviewValue};
pub use route_export::{ParcelOut, ParcelsOut, Stuck};
pub use route_import::{Imported, RouteFault};
pub use route_status::{PeerState, RouteGroup, RouteRow, RouteStatus};
pub use sampling::{SampleOrder, SampleRow, SampleView};
pub use scans::ScanFault;
pub use sign_in::MIN_PIN;
pub use station::{Clock, Entropy, Station, SystemClock, SystemEntropy, local};
pub use sync_now::SyncState;
pub use what_if::Comparison;

/// What a walk of the journal found.
pub use crate::store::verify::Verdict as Verified;

/// What holds for every row of a catalogue file that has no column for it.
pub use crate::exchange::CatalogueDefaults;

pub use crate::store::{Draft, Version};
