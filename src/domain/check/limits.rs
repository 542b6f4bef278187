//! How much one ledger may hold, and how much is said of it.

/// Limits of checking one file, from `[reading]` of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows below the headers of all sheets together; a ledger with more goes
    /// back as too large, unread. Default 20,000.
    pub rows: usize,
    /// Findings that are listed one by one; what is left out is counted by
    /// code. Each code is listed at least once. Default 500.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 20_000,
            findings: 500,
        }
    }
}
