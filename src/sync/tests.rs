//! The exchange, end to end against a real hub in this process.
