//! Every table of the data file, in one list: what is the journal, what is derived from it, what is local. A backup
//! copies all of them, `verify` rebuilds all derived ones. Knows nothing of their content.

use redb::TableDefinition;

/// Keys and values are bytes of our own, so that no type name of the database stands between us and an old file.
pub type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;

macro_rules! tables {
    ($($variant:ident = $name:literal, $derived:literal, $doc:literal;)*) => {
        /// One table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $(#[doc = $doc] $variant,)*
        }

        impl Table {
            /// Every table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Name in the file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether the table is a projection of the journal.
            pub fn is_derived(self) -> bool {
                match self { $(Self::$variant => $derived,)* }
            }
        }
    };
}

tables! {
    Journal = "journal", false, "Operations by sequence number.";
    Commands = "commands", true, "Command id to first and last operation.";
    Counters = "counters", true, "Named counts: persons, households, what the city has.";
    Station = "station", true, "What the office is called.";
    Accounts = "accounts", true, "Accounts by sign-in name.";
    Current = "current", true, "Newest version of each register record.";
    Versions = "versions", true, "All versions of each register record, with when they were known.";
    ByCertificate = "by_certificate", true, "Certificate number to person.";
    ByTail = "by_tail", true, "Certificate number read backwards, to person.";
    ByName = "by_name", true, "Name to person.";
    ByPinyin = "by_pinyin", true, "Pinyin initials and syllables to person.";
    ByPhone = "by_phone", true, "Telephone read backwards, to person.";
    ByHousehold = "by_household", true, "Household to person.";
    ByBook = "by_book", true, "Village and booklet number to household.";
    Cases = "cases", true, "Cases by id.";
    CaseNumbers = "case_numbers", true, "Printed number to case.";
    CaseQueue = "case_queue", true, "Status and acceptance order to case.";
    CasePersons = "case_persons", true, "Person to cases.";
    PersonPapers = "person_papers", true, "Person to the papers given out about the person.";
    CaseSteps = "case_steps", true, "Case to its operations.";
    PayQueue = "pay_queue", true, "Where the money is, and acceptance order, to case.";
    PaymentLists = "payment_lists", true, "Payment lists by number.";
    DeductionLists = "deduction_lists", true, "Deduction lists by number.";
    BankFiles = "bank_files", true, "SHA-256 of files written for banks and taken in from them, to list.";
    Outages = "outages", true, "Outage notices by document.";
    InvoiceIndex = "invoice_index", true, "Invoice number, and day with amount, to the claims that were judged with them.";
    Doctors = "doctors", true, "Doctors of the insurance by hospital, doctor and first day.";
    Samples = "samples", true, "Draws for a second look by operation.";
    CityResults = "city_results", true, "What the city said of an operation.";
    Definitions = "definitions", false, "Texts of every form and template ever worked with, by hash.";
    Drafts = "drafts", false, "What is typed and not handed in.";
    Secrets = "secrets", false, "Verifiers of PINs.";
    Access = "access", false, "Who looked at what.";
    Batches = "batches", false, "Sealed batches.";
    Receipts = "receipts", false, "The city's signed receipts, as received.";
    Local = "local", false, "Identity, keys and cursors of this machine.";
}

impl Table {
    /// The definition for the database.
    pub fn definition(self) -> Definition {
        TableDefinition::new(self.name())
    }
}
