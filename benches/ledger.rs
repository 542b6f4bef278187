//! The steps of a ledger's way, one by one: reading in process and through a
//! child, checking, writing a master. `bench/peers.sh` measures them together.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use criterion::{Criterion, criterion_group, criterion_main};
use rust_xlsxwriter::{Format, Workbook as Target};
use taizhang::domain::calendar::Calendar;
use taizhang::domain::check::{self, Context, Examination, examine};
use taizhang::domain::consolidate::{Collector, KeyedRows};
use taizhang::domain::finding::Verdict;
use taizhang::domain::identify::{History, Origin};
use taizhang::domain::ids::SubmissionId;
use taizhang::domain::language::Language;
use taizhang::domain::messages::Catalogue;
use taizhang::domain::period::Period;
use taizhang::domain::program::Program;
use taizhang::domain::submission::{Arrival, Submission};
use taizhang::domain::table::Workbook;
use taizhang::embedded;
use taizhang::jobs::programs;
use taizhang::workbook::master::{MasterSource, MasterWriter, Remarks};
use taizhang::workbook::read::{Limits, ReaderPool, read_in_process};

const ROWS: u32 = 100;
const UNITS: usize = 100;

const HEADER: [&str; 10] = [
    "序号",
    "调研时间",
    "单位",
    "调研地点",
    "调研内容",
    "调研成效",
    "解决问题数量",
    "联系人",
    "电话",
    "备注",
];

/// Phrases that prose is put together from; enough of them that rows differ.
const PHRASES: [&str; 12] = [
    "实地走访了青山镇便民服务中心",
    "座谈听取了群众对饮水管网改造的意见",
    "现场查看了河道清理和垃圾分类",
    "逐户核实了低保和残疾补贴的发放",
    "督促整改了校车和食堂的安全隐患",
    "协调落实了产业路硬化的资金",
    "推动村集体与合作社签订流转合同",
    "帮助企业解决用工和融资困难",
    "宣传讲解了医保和养老政策",
    "组织党员志愿者参加防汛巡查",
    "会同相关部门研究了征地补偿方案",
    "形成工作台账并明确责任分工",
];

/// Nothing was accepted before.
struct Nothing;

impl History for Nothing {
    fn is_accepted(&self, _unit: &taizhang::domain::ids::UnitId, _period: &Period) -> bool {
        false
    }
}

/// A programme, and the file of one of its units.
struct Bench {
    folder: tempfile::TempDir,
    program: Arc<Program>,
    calendar: Calendar,
    messages: Catalogue,
}

impl Bench {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let own = folder.path().join("programs/bench-surveys");
        fs::create_dir_all(&own).expect("a folder");
        fs::write(
            own.join("program.toml"),
            include_str!("../bench/program/program.toml"),
        )
        .expect("the definition");
        let mut roster = "编号,名称,生效日期\n".to_owned();
        for unit in 0..UNITS {
            let _ = writeln!(roster, "u{unit},第{unit}单位,2026-01-01");
        }
        fs::write(own.join("roster.csv"), roster).expect("the roster");
        let no_workbooks = |path: &Path| anyhow::bail!("{} is no table", path.display());
        let loaded = programs::load(folder.path(), programs::Chosen::ALL, &no_workbooks);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        let template = |path| embedded::template(path).expect("a shipped template");
        Self {
            program: loaded.programs[0].clone(),
            calendar: Calendar::parse(template("holidays.csv")).expect("the calendar"),
            messages: Catalogue::parse(template("messages.toml"), Language::Chinese).expect("the wording"),
            folder,
        }
    }

    fn file(&self, seed: u32) -> PathBuf {
        let path = self.folder.path().join(format!("{seed}.xlsx"));
        ledger(seed).save(&path).expect("a ledger");
        path
    }

    fn examine(&self, unit: usize, book: &Workbook) -> Examination {
        let origin = Origin {
            file_name: "台账.xlsx".into(),
            folder_unit: Some(format!("u{unit}").parse().expect("an id")),
            ..Origin::default()
        };
        let context = Context {
            program: &self.program,
            origin: &origin,
            standing: &Nothing,
            rows_of: &|_, _| Vec::new(),
            past: &|_| std::sync::Arc::default(),
            calendar: &self.calendar,
            messages: &self.messages,
            limits: check::Limits::default(),
            now: now().with_timezone(&Shanghai),
        };
        examine(&context, book)
    }
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 12, 20, 1, 0, 0)
        .single()
        .expect("an instant")
}

/// A ledger as bench/gen.py writes it, with plainer prose.
fn ledger(seed: u32) -> Target {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let prose = |row: u32, parts: u32| -> String {
        let phrase = |part: u32| PHRASES[((seed * 31 + row * 7 + part * (row % 5 + 1)) % 12) as usize];
        (0..parts).fold(String::new(), |mut text, part| {
            let _ = write!(text, "{}{}项；", phrase(part), (row + part) % 60);
            text
        })
    };
    let mut book = Target::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "第一单位2026年度调研工作台账").expect("a cell");
    sheet.write_row(1, 0, HEADER).expect("the header");
    for row in 0..ROWS {
        let line = row + 2;
        // 1 January 2026 is day 46,023 of Excel's calendar.
        let date = 46_023 + (seed * 13 + row * 37) % 330;
        let write = |sheet: &mut rust_xlsxwriter::Worksheet| -> Result<(), rust_xlsxwriter::XlsxError> {
            sheet.write(line, 0, row + 1)?;
            sheet.write_with_format(line, 1, date, &day)?;
            sheet.write(line, 2, "青山县教育局")?;
            sheet.write(line, 3, format!("青山镇第{}网格", row % 10))?;
            sheet.write(line, 4, prose(row, 6))?;
            sheet.write(line, 5, prose(row + 3, 9))?;
            sheet.write(line, 6, row % 12)?;
            sheet.write(line, 7, "王芳")?;
            sheet.write(line, 8, format!("1380759{:04}", row % 50))?;
            Ok(())
        };
        write(sheet).expect("a row");
    }
    book
}

fn steps(criterion: &mut Criterion) {
    let bench = Bench::start();
    let path = bench.file(1);
    let limits = Limits::default();
    criterion.bench_function("read one ledger in process", |timer| {
        timer.iter(|| read_in_process(black_box(&path), &limits).expect("a workbook"));
    });

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let pool = ReaderPool::new(env!("CARGO_BIN_EXE_taizhang").into(), limits.clone(), 1);
    criterion.bench_function("read one ledger through a child", |timer| {
        timer.iter(|| {
            let read = runtime.block_on(pool.read(black_box(&path)));
            read.expect("a child").expect("a workbook")
        });
    });

    let book = read_in_process(&path, &limits).expect("a workbook");
    let examination = bench.examine(0, &book);
    assert!(examination.verdict.is_accepted(), "{:?}", examination.findings);
    criterion.bench_function("check one ledger", |timer| {
        timer.iter(|| bench.examine(0, black_box(&book)));
    });
}

fn master(criterion: &mut Criterion) {
    let bench = Bench::start();
    let limits = Limits::default();
    let period: Period = "2026".parse().expect("a period");
    let ledgers: Vec<_> = (0..UNITS)
        .map(|unit| {
            let path = bench.file(u32::try_from(unit).expect("a small number"));
            let book = read_in_process(&path, &limits).expect("a workbook");
            bench.examine(unit, &book).rows
        })
        .collect();
    let submissions: HashMap<usize, Submission> = (0..UNITS)
        .map(|unit| {
            let submission = Submission {
                id: SubmissionId::new(i64::try_from(unit).expect("a small number")),
                unit: format!("u{unit}").parse().expect("an id"),
                period: period.clone(),
                version: 1,
                file_name: "台账.xlsx".into(),
                arrival: Arrival {
                    after: None,
                    seen: now(),
                },
                verdict: Verdict::Accepted,
                accepted_by_office: None,
                withdrawn: None,
                reopened: None,
                rechecks: 0,
                nil: false,
                rows: ROWS,
                placed: Some(
                    format!("调研台账/第{unit}单位/审核通过/2026/台账.xlsx")
                        .parse()
                        .unwrap(),
                ),
                fill: Vec::new(),
                decided: now(),
                judged: now(),
            };
            (unit, submission)
        })
        .collect();
    let program = &bench.program;
    let due = program
        .due(&period, &bench.calendar, Shanghai)
        .expect("a due date");
    let target = bench.folder.path().join("master.xlsx");
    let mut group = criterion.benchmark_group("master");
    group.sample_size(20);
    group.bench_function("write 100 ledgers", |timer| {
        timer.iter(|| {
            let remarks = Remarks::default();
            let source = MasterSource {
                register: None,
                expiring: &[],
                program,
                period: &period,
                remarks: &remarks,
                watch: "../../../watch",
                stamp: "",
            };
            let mut collector = Collector::new(program, &period, &due);
            for (place, unit) in program.roster.units.iter().enumerate() {
                collector.add(unit, &submissions[&place], &ledgers[place]);
            }
            let summary = collector.finish(&[]);
            let mut writer = MasterWriter::create(source, &summary).expect("a master");
            for (place, unit) in program.roster.units.iter().enumerate() {
                let rows = KeyedRows::of(writer.form(), &unit.id, ledgers[place].clone());
                writer.add(unit, &submissions[&place], &rows).expect("rows");
            }
            let changes = writer.changes(1).expect("变动");
            writer.finish(changes, &[], &target).expect("a master")
        });
    });
    group.finish();
}

criterion_group!(benches, steps, master);
criterion_main!(benches);
