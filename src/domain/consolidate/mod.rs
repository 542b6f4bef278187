//! From accepted rows to the master workbook (汇总台账).
