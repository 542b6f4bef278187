//! The only place that differs by operating system.
