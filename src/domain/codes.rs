//! The catalogue of findings: every code with its scope and its one severity.
//!
//! The list is the one worked out from the source documents; wording lives in
//! `templates/messages.toml`.

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Only for the office; never shown to the unit.
    Info,
    /// 提示: shown to the unit, does not hold the ledger back.
    Warning,
    /// 请核实: returns the ledger unless the row's 情况说明 explains it.
    Query,
    /// 必须更正: returns the ledger.
    Error,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The file as a whole.
    File,
    /// The table's head: header row, fill lines, title.
    Header,
    /// A sheet.
    Sheet,
    /// A data row or one of its cells.
    Row,
    /// Several units' ledgers together.
    Cross,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $scope:ident $severity:ident;)*) => {
        /// A finding's code. Each has one severity.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it is written in JSON and in `templates/messages.toml`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The code's one severity.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What the code is about.
            #[must_use]
            pub fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope,)* }
            }
        }
    };
}

codes! {
    /// 文件损坏或结构不完整，打不开
    Unreadable "unreadable" File Error;
    /// 设有打开密码
    Encrypted "encrypted" File Error;
    /// 不能作为台账读取的类型：xlsb、csv、网页改名的xls、压缩包
    UnsupportedType "unsupported-type" File Error;
    /// 超出限额：压缩包展开后大小、行列范围、工作表数、解析时间或内存
    TooLarge "too-large" File Error;
    /// 扩展名与内容不符，但内容能读（.xls实为xlsx、.xlsx实为xls、.et）
    WrongExtension "wrong-extension" File Warning;
    /// 临时/锁文件：~$ 开头、.~ 开头、~.开头、.tmp、.bak、Thumbs.db
    Ignored "ignored" File Info;
    /// 文件大小/修改时间仍在变化
    StillArriving "still-arriving" File Info;
    /// 无法识别报送单位
    UnitUnknown "unit-unknown" File Error;
    /// 单位不在应报名册
    UnitNotInRoster "unit-not-in-roster" File Error;
    /// 单位只能由唯一挂点村等间接推定
    UnitInferred "unit-inferred" File Warning;
    /// 文件夹所属单位与表内填报单位/挂点领导不一致（放在单位文件夹里：退回该单位，只写需更正事项，不带数据行）；没有文件夹时，表内与文件名不一致（结论：unclaimed）
    UnitMismatch "unit-mismatch" File Error;
    /// 文件指向的期次已有通过的版本，而当前报送期尚未收到，文件名、填报行、备注都没有写“更正”
    PeriodUnclear "period-unclear" File Error;
    /// 文件期次不是本期，而是已关期、从未通过的一期（补报），或期次无法识别、按本期计
    PeriodMismatch "period-mismatch" File Warning;
    /// 同单位同期重复报送
    Resubmission "resubmission" File Info;
    /// 内容与已入库版本完全相同（哈希）
    DuplicateFile "duplicate-file" File Warning;
    /// 密级标志：“密级★期限”（机密★1年），或“秘密”“机密”“绝密”“内部”独占一格、独立成标题、在页眉页脚
    SensitiveContent "sensitive-content" File Error;
    /// 隐藏的工作表、行、列中有数据
    HiddenContent "hidden-content" File Warning;
    /// 含宏
    MacrosIgnored "macros-ignored" File Warning;
    /// 含指向其他文件的链接
    ExternalLinksIgnored "external-links-ignored" File Warning;
    /// 含WPS嵌入图片(DISPIMG)或照片
    PictureIgnored "picture-ignored" File Warning;
    /// 找不到表头行
    HeaderNotFound "header-not-found" Header Error;
    /// 缺列
    ColumnMissing "column-missing" Header Error;
    /// 多列/列序改变/列名改字
    ColumnUnexpected "column-unexpected" Header Warning;
    /// 标题年度/单位与报送期不符
    TitleMismatch "title-mismatch" Header Warning;
    /// 填报单位/填报人/审核人/联系电话/填报时间缺项
    FillLineMissing "fill-line-missing" Header Warning;
    /// 填报时间晚于今日或早于本期
    FillDateImplausible "fill-date-implausible" Header Warning;
    /// 模板版本过旧
    FormOutdated "form-outdated" Header Warning;
    /// 空表（无数据行且未声明零报告）
    NoRows "no-rows" Sheet Error;
    /// 零报告
    NilReport "nil-report" Sheet Info;
    /// 例行/说明行/合计行/签名行
    RowSkipped "row-skipped" Sheet Info;
    /// 合计行与明细不一致
    TotalMismatch "total-mismatch" Sheet Warning;
    /// 续表重复表头行
    HeaderRepeated "header-repeated" Sheet Warning;
    /// 序号重复、断号、非数字（逐表判断，每表从1起）
    SequenceBroken "sequence-broken" Sheet Info;
    /// 数据区纵向合并单元格
    MergedCellsFilled "merged-cells-filled" Sheet Warning;
    /// 必填为空
    Required "required" Row Error;
    /// 公式没有缓存值，或值为 #REF! #DIV/0! #VALUE! #N/A #NAME?
    FormulaWithoutValue "formula-without-value" Row Error;
    /// 残留占位符(xx/XX/××/xxx/**/“具体展开”/___)
    Placeholder "placeholder" Row Error;
    /// 与例行原文相同
    ExampleText "example-text" Row Error;
    /// 日期不能识别
    DateUnreadable "date-unreadable" Row Error;
    /// 日期无此日
    DateImpossible "date-impossible" Row Error;
    /// 日期不在报送期内
    DateOutOfPeriod "date-out-of-period" Row Error;
    /// 早于本期的日期，且备注或情况说明写有“补报”
    LateRow "late-row" Row Warning;
    /// 日期晚于填报日/今日
    DateInFuture "date-in-future" Row Error;
    /// 日期为周末或法定节假日
    DateOnHoliday "date-on-holiday" Row Info;
    /// 缺年份，按本期补
    DateYearAssumed "date-year-assumed" Row Warning;
    /// 地点不属于该领导挂点村
    PlaceNotAssigned "place-not-assigned" Row Query;
    /// 地点为简称/缺“村”字/含自然村
    PlaceAbbreviated "place-abbreviated" Row Warning;
    /// 一格多村
    SeveralPlaces "several-places" Row Warning;
    /// 问题数量非非负整数
    CountUnreadable "count-unreadable" Row Error;
    /// 问题数量与列举条数不一致（列举只看本格，或专设的列；成效栏里只有“解决问题”之后的列举才算）
    CountMismatch "count-mismatch" Row Error;
    /// 问题数量>0但未列举
    CountNotListed "count-not-listed" Row Warning;
    /// 列了条目，没有写总数
    CountTotalMissing "count-total-missing" Row Warning;
    /// 成效文内村名与地点列不一致
    PlaceTextMismatch "place-text-mismatch" Row Warning;
    /// 有内容但没有可识别的电话：位数不对、科学计数法、只有姓名
    PhoneUnreadable "phone-unreadable" Row Warning;
    /// 座机缺区号，或只有集团短号
    PhoneIncomplete "phone-incomplete" Row Warning;
    /// 有电话，没有姓名
    ContactNameMissing "contact-name-missing" Row Warning;
    /// 任何一格里有公民身份号码：18位（末位可为X）或15位，其中出生日期说得通；不验校验码；全角、夹空格、夹横线也算
    IdNumber "id-number" Row Error;
    /// 文字过短/过长
    TextLength "text-length" Row Info;
    /// 与本单位上期内容雷同
    RepeatsLastPeriod "repeats-last-period" Row Info;
    /// 同日同村重复行
    RepeatedRow "repeated-row" Row Warning;
    /// 枚举值非法（进度状态/完成/未完成…）
    NotInList "not-in-list" Row Error;
    /// 任务序号不存在
    ItemUnknown "item-unknown" Row Error;
    /// 非本单位任务
    ItemNotYours "item-not-yours" Row Query;
    /// 任务名称与序号不符
    ItemNameMismatch "item-name-mismatch" Row Warning;
    /// 应填任务缺行
    ItemMissing "item-missing" Row Error;
    /// 百分比、斜杠、文字数：“85%”“0.85”“八成”“/”
    NumberReinterpreted "number-reinterpreted" Row Warning;
    /// 累计数小于上期累计
    BelowLastPeriod "below-last-period" Row Query;
    /// 进度状态与数值矛盾
    StatusContradiction "status-contradiction" Row Query;
    /// 文本型数字/前导撇号/全角数字
    NumberAsText "number-as-text" Row Info;
    /// 得分超过该指标分值
    ScoreOverMaximum "score-over-maximum" Row Error;
    /// 命中负面清单
    NegativeItemHit "negative-item-hit" Row Warning;
    /// 联合调研（同村同日两领导）
    JointVisit "joint-visit" Cross Info;
    /// 同一问题跨单位重复报送
    ReportedTwice "reported-twice" Cross Warning;
    /// 任务多牵头单位进度不一致
    CoLeadsDisagree "co-leads-disagree" Cross Warning;
    /// 上期已办结本期又报未完成
    Reopened "reopened" Cross Warning;
    /// A second table under the ledger, with other columns.
    OtherTable "other-table" Sheet Warning;
    /// A sheet of another period in a running workbook.
    OtherPeriodRows "other-period-rows" Sheet Warning;
    /// 示例行里填了真实内容
    ExampleRowUsed "example-row-used" Row Warning;
    /// A number that may be one date or another.
    DateAmbiguous "date-ambiguous" Row Error;
    /// 文件最后保存时间早于已通过的版本
    OlderVersion "older-version" File Error;
    /// 本方案自定规则不成立（必须更正）
    RuleBroken "rule-broken" Row Error;
    /// 本方案自定规则不成立（请核实）
    RuleDoubtful "rule-doubtful" Row Query;
    /// 本方案自定规则不成立（提示）
    RuleNoted "rule-noted" Row Warning;
    /// A check over all rows can't be evaluated: the office has to mend it.
    CheckFailed "check-failed" Sheet Warning;
    /// The form of another programme, in a folder of a unit that isn't one of its.
    OtherProgram "other-programme" File Error;
    /// A table whose header several programmes have, with nothing that says whose it is.
    ProgramUnclear "programme-unclear" File Error;
    /// A document whose type isn't taken.
    DocumentType "document-type" File Error;
    /// The office looked at a document and rejected it.
    Rejected "rejected" File Error;
    /// 数字列的内容不是数字，或超出规定范围
    NumberUnreadable "number-unreadable" Row Error;
}

impl Code {
    /// Finds a code by its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that the programme's own rules and number columns need beside the catalogue's.
    const OWN: [Code; 9] = [
        Code::RuleBroken,
        Code::RuleDoubtful,
        Code::RuleNoted,
        Code::CheckFailed,
        Code::OtherProgram,
        Code::ProgramUnclear,
        Code::DocumentType,
        Code::Rejected,
        Code::NumberUnreadable,
    ];

    #[test]
    fn codes_are_those_of_the_catalogue() {
        let mut reader =
            csv::Reader::from_reader(include_str!("../../tests/data/finding_codes.csv").as_bytes());
        let mut listed = Vec::new();
        for line in reader.records() {
            let line = line.unwrap();
            let code = Code::parse(&line[0]).unwrap_or_else(|| panic!("{} is missing", &line[0]));
            assert_eq!(
                format!("{:?}", code.scope()).to_lowercase(),
                &line[1],
                "{}",
                &line[0]
            );
            assert_eq!(
                format!("{:?}", code.severity()).to_lowercase(),
                &line[2],
                "{}",
                &line[0]
            );
            listed.push(code);
        }
        listed.extend(OWN);
        assert_eq!(listed, Code::ALL);
    }
}
