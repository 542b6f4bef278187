//! Every shipped programme's ladder, whole: in one period a unit reports
//! nothing, one the worst that the form knows, one all that is asked. What
//! letters this makes, to whom, when and in which words, stands in snapshots
//! that are read like post.

mod documents;
mod fill;
mod lists;
mod logs;
mod registers;
mod walk;
