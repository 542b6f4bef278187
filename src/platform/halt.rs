//! A stop in the middle of work, for tests.

/// A place at which a test may stop the process dead, to prove that a restart
/// mends everything. `TAIZHANG_HALT_AT=name` or `name:3` for the third time.
pub fn halt_point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    static WANTED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("TAIZHANG_HALT_AT").ok()?;
        let (name, count) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), count.parse().unwrap_or(1)))
    });
    if let Some((wanted, count)) = wanted
        && wanted == name
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 >= *count
    {
        die();
    }
}

/// As [`halt_point`], for one thing of many: `TAIZHANG_HALT_AT=name=thing` stops
/// each process that comes to it.
pub fn halt_point_at(name: &str, thing: &str) {
    if std::env::var_os("TAIZHANG_HALT_AT").is_some() {
        halt_point(&format!("{name}={thing}"));
    }
}

#[cfg(unix)]
fn die() -> ! {
    // SIGKILL: no destructor, no flush, as in a power cut.
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}

#[cfg(not(unix))]
fn die() -> ! {
    std::process::abort()
}
