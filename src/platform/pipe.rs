//! How much a pipe holds.

/// Lets a pipe hold about so many bytes, so that who writes them need not wait
/// for who reads. Does nothing where that can't be set: the pipe works all the same.
#[cfg(target_os = "linux")]
pub fn widen_pipe(pipe: &impl std::os::fd::AsFd, bytes: usize) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, bytes);
}

/// Lets a pipe hold about so many bytes; only Linux can.
#[cfg(not(target_os = "linux"))]
pub fn widen_pipe<P>(_: &P, _: usize) {}
