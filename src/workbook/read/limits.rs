//! How much a file may cost before it is given up.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits of reading one file. The defaults leave Chinese ledgers met in the
/// wild a wide margin: these had up to 42.9 MB uncompressed, a ratio of 49:1,
/// and needed 50 MiB while they were parsed (design.md §7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of memory that a reading child may have; default 512 MiB.
    pub address_space: u64,
    /// Processor time for one file, in whole seconds; default 10 s.
    pub cpu: Duration,
    /// Time by the clock for one file; default 20 s.
    pub wall: Duration,
    /// Uncompressed to compressed size of one part; default 100.
    pub ratio: u64,
    /// Parts up to this many bytes may have any ratio; default 100 kB.
    pub ratio_from: u64,
    /// Bytes of all parts together, uncompressed; default 200 MB.
    pub uncompressed: u64,
    /// Parts inside the file; default 2,000.
    pub entries: u64,
    /// Sheets; default 64.
    pub sheets: usize,
    /// Cells of the smallest rectangle that holds all values of a sheet; default 5 million.
    pub cells: u64,
    /// Cells of all sheets that hold something, merged ranges and pictures
    /// included; default 2 million. Each costs its reader some 50 bytes.
    pub filled: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            address_space: 512 << 20,
            cpu: Duration::from_secs(10),
            wall: Duration::from_secs(20),
            ratio: 100,
            ratio_from: 100_000,
            uncompressed: 200_000_000,
            entries: 2_000,
            sheets: 64,
            cells: 5_000_000,
            filled: 2_000_000,
        }
    }
}
