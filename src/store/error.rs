//! What can go wrong below the use cases. Sources are kept; nothing is flattened to text.

/// A fault of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process owns the file.
    #[error("the data file is in use by another process: run `xiangbao attach`, or stop the other one")]
    InUse,
    /// There is no data file.
    #[error("there is no data file at {0}: run `xiangbao init`")]
    Missing(std::path::PathBuf),
    /// A data file stands where a new one was to be made.
    #[error("a data file exists already at {0}: choose another folder")]
    Exists(std::path::PathBuf),
    /// The database refused.
    #[error("the database refused: {0}")]
    Database(#[source] Box<redb::Error>),
    /// The file system refused.
    #[error("{path}: {source}")]
    File {
        /// File or folder.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A stored record cannot be read.
    #[error("record in {table} cannot be read: {message}")]
    Record {
        /// Table.
        table: &'static str,
        /// What the decoder says.
        message: String,
    },
    /// An operation cannot be sealed.
    #[error("operation refused: {0}")]
    Draft(#[from] xiangbao_core::journal::DraftFault),
    /// An operation's payload has no meaning.
    #[error(transparent)]
    Event(#[from] xiangbao_core::event::EventError),
    /// The file is no station's data, or half made.
    #[error(
        "the data file names no station: restore it from a backup, or run `xiangbao init` in an empty folder"
    )]
    NoStation,
    /// The data folder lies on a file system that loses acknowledged writes or knows no locks.
    #[error("{path} lies on {name}: put the data folder on a local disk (ext4, xfs, btrfs)")]
    Medium {
        /// The folder.
        path: std::path::PathBuf,
        /// The file system.
        name: &'static str,
    },
    /// The end of the journal does not hold together.
    #[error("operation {seq} of the journal: {what}")]
    Damaged {
        /// First bad record.
        seq: u64,
        /// What is wrong.
        what: String,
    },
    /// The same command id came back with other content.
    #[error("this command id was used for something else")]
    CommandReused,
}

impl StoreError {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::InUse => {
                "数据文件正由另一个程序使用。请改用 xiangbao attach 连接，或先关闭那个程序。".to_owned()
            }
            Self::Missing(path) => format!("{} 没有数据文件。请先执行 xiangbao init。", path.display()),
            Self::Exists(path) => format!("{} 已有数据文件。请换一个文件夹。", path.display()),
            Self::NoStation => "数据文件不完整。请从备份恢复，或在空文件夹执行 xiangbao init。".to_owned(),
            Self::Medium { path, name } => {
                format!("{} 在 {name} 上，不能可靠保存数据。请把数据文件夹放在本机硬盘上。", path.display())
            }
            Self::Damaged { seq, .. } => format!(
                "业务日志第 {seq} 笔起校验不符，停止办理以免扩大。请保留现场，执行 xiangbao verify 并联系管理员。"
            ),
            Self::CommandReused => {
                "这次提交与先前的编号重复但内容不同，未保存。请重新打开本件再办。".to_owned()
            }
            other => format!("保存失败：{other}。内容仍在草稿中，请通知管理员。"),
        }
    }
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::InUse,
            other => Self::Database(Box::new(other)),
        }
    }
}

macro_rules! from_redb {
    ($($kind:ty),*) => {
        $(impl From<$kind> for StoreError {
            fn from(error: $kind) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}

from_redb!(
    redb::DatabaseError,
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError
);
