//! What the C library's allocator keeps for itself.

/// Has the allocator share two arenas among all threads. By default it makes
/// up to eight a core, each of which keeps what was freed in it: reading ten
/// large workbooks then takes 460 MB instead of 270, and on a small machine
/// the address space alone, reserved 64 MB at a time, is more than there is.
/// To be called before any thread is started.
///
/// Nothing happens with other C libraries.
pub fn share_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[allow(
        unsafe_code,
        reason = "mallopt(3) changes nothing but the allocator's own settings and is called while there is one thread"
    )]
    // SAFETY: there is one thread yet; both numbers are those of the manual.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}

/// Gives memory that was freed back to the system: after a large workbook the
/// allocator would keep hundreds of megabytes for the next one.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[allow(
        unsafe_code,
        reason = "malloc_trim(3) may be called at any time and by any thread"
    )]
    // SAFETY: it only touches pages that hold nothing.
    unsafe {
        libc::malloc_trim(0);
    }
}
