//! How many heaps a process keeps.

/// Starts this process anew with two heaps for all of its threads, unless it
/// was started with a number of its own; on other systems nothing happens.
///
/// The C library of Linux gives threads heaps of their own, up to eight a core,
/// and each keeps what the largest work on it took: a daemon that reads, merges
/// and words letters on a dozen threads holds a third more than it needs (225
/// against 168 MB with 15,660 submissions in history). The number is read from
/// the environment when a process starts, and only then.
#[cfg(target_os = "linux")]
pub fn share_heaps() {
    use std::os::unix::process::CommandExt as _;
    const NUMBER: &str = "MALLOC_ARENA_MAX";
    let mut words = std::env::args_os();
    let (Some(name), Ok(own), None) = (words.next(), std::env::current_exe(), std::env::var_os(NUMBER))
    else {
        return;
    };
    // It comes back only if it failed, and then the work goes on with more memory.
    let _ = std::process::Command::new(own)
        .arg0(name)
        .args(words)
        .env(NUMBER, "2")
        .exec();
}

/// See the one for Linux.
#[cfg(not(target_os = "linux"))]
pub fn share_heaps() {}
