//! returned
