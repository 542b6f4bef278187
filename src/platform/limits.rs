//! What a process that reads strangers' files may use.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

/// Why a child process ended before it answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It used up its processor time.
    Cpu,
    /// It aborted: out of memory or out of stack.
    Aborted,
    /// Anything that doesn't tell about its work: killed from outside, or ended by itself.
    Other,
}

/// Limits this process for the rest of its life: at most `address_space`
/// bytes of memory, no core files. An allocation beyond that aborts.
///
/// Nothing is limited where the system has no such limits.
///
/// # Errors
/// When the system refuses.
pub fn limit_this_process(address_space: u64) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let most = getrlimit(Resource::As).maximum;
        let wanted = Some(most.map_or(address_space, |most| most.min(address_space)));
        setrlimit(
            Resource::As,
            Rlimit {
                current: wanted,
                maximum: wanted,
            },
        )?;
        setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum: Some(0),
            },
        )?;
    }
    #[cfg(not(unix))]
    let _ = address_space;
    Ok(())
}

/// Allows this process `budget` of processor time from now on, rounded up to
/// whole seconds; a signal ends it after that. Calling it again grants anew.
///
/// Nothing is limited where the system has no such limit.
///
/// # Errors
/// When the system refuses.
pub fn allow_cpu(budget: Duration) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        let used = Duration::new(
            used.tv_sec.try_into().unwrap_or(0),
            used.tv_nsec.try_into().unwrap_or(0),
        );
        let until = used.saturating_add(budget).as_secs() + 1;
        let maximum = getrlimit(Resource::Cpu).maximum;
        let current = Some(maximum.map_or(until, |most| most.min(until)));
        setrlimit(Resource::Cpu, Rlimit { current, maximum })?;
    }
    #[cfg(not(unix))]
    let _ = budget;
    Ok(())
}

/// Reads from the exit status of a child why it stopped.
#[must_use]
pub fn stopped_by(status: ExitStatus) -> Stopped {
    #[cfg(unix)]
    {
        use rustix::process::Signal;
        use std::os::unix::process::ExitStatusExt as _;
        const ABORTS: [Signal; 4] = [Signal::ABORT, Signal::SEGV, Signal::BUS, Signal::ILL];
        match status.signal() {
            Some(signal) if signal == Signal::XCPU.as_raw() => Stopped::Cpu,
            Some(signal) if ABORTS.iter().any(|abort| abort.as_raw() == signal) => Stopped::Aborted,
            _ => Stopped::Other,
        }
    }
    #[cfg(not(unix))]
    {
        // An abort on Windows: STATUS_FAIL_FAST or STATUS_STACK_OVERFLOW.
        match status.code().map(i32::cast_unsigned) {
            Some(0xC000_0409 | 0xC000_00FD) => Stopped::Aborted,
            _ => Stopped::Other,
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;

    #[test]
    fn signals_tell_why_a_child_stopped() {
        for (raw, why) in [
            (6, Stopped::Aborted),
            (11, Stopped::Aborted),
            (9, Stopped::Other),
            (0, Stopped::Other),
        ] {
            assert_eq!(stopped_by(ExitStatus::from_raw(raw)), why, "signal {raw}");
        }
        #[cfg(target_os = "linux")]
        assert_eq!(stopped_by(ExitStatus::from_raw(24)), Stopped::Cpu);
    }
}
