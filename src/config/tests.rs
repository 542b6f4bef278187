//! The shipped file is the defaults, and every fault has its line and remedy.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::domain::definition::Definition;
use crate::domain::program::Language;

const SHIPPED: &str = include_str!("../../config.toml");

fn site(text: &str) -> Result<Config, Vec<Problem>> {
    Config::parse(Path::new("/srv/site/config.toml"), text)
}

#[test]
fn an_empty_file_is_what_is_shipped() {
    let empty = site("").unwrap();
    assert_eq!(site(SHIPPED).unwrap(), empty);
    assert_eq!(empty.site.zone, chrono_tz::Asia::Shanghai);
    assert_eq!(empty.site.locale, Language::Chinese);
    assert_eq!(empty.watch.settle, Duration::from_secs(2));
    assert_eq!(empty.watch.editor_wait, Duration::from_mins(15));
    assert_eq!(
        (empty.watch.scan_local, empty.watch.scan_network),
        (Duration::from_mins(5), Duration::from_secs(15))
    );
    assert_eq!(
        (
            empty.reading.address_space_mb,
            empty.reading.cpu_seconds,
            empty.reading.wall_seconds
        ),
        (512, 10, 20)
    );
    assert_eq!(
        (empty.merge.quiet, empty.merge.ceiling),
        (Duration::from_secs(2), Duration::from_secs(30))
    );
    assert!(empty.programs.enabled.is_empty());
}

#[test]
fn every_key_is_shipped_with_a_comment() {
    let definition = Definition::read("config.toml", SHIPPED);
    let _ = read::understand(&definition, Path::new("config.toml"));
    assert_eq!(definition.known_keys(), definition.written_keys());
    let lines: Vec<&str> = SHIPPED.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if line.contains(" = ") && !line.starts_with('#') {
            assert!(
                lines[number - 1].starts_with('#'),
                "no comment above line {}: {line}",
                number + 1
            );
        }
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let config = site("[paths]\nwatch = \"/mnt/share\"\ndata = \"../state\"\n").unwrap();
    assert_eq!(config.paths.watch, Path::new("/mnt/share"));
    assert_eq!(config.paths.output, Path::new("/srv/site/output"));
    assert_eq!(config.paths.data, Path::new("/srv/site/../state"));
    assert_eq!(
        config.database.path,
        Path::new("/srv/site/../state/taizhang.sqlite3")
    );
    let beside = Config::parse(Path::new("config.toml"), "").unwrap();
    assert_eq!(beside.paths.watch, Path::new("watch"));
}

#[test]
fn every_fault_is_named() {
    for (text, line, message, remedy) in [
        ("[wacth]\n", 1, "不认识的项“wacth”", "是不是“watch”"),
        (
            "[watch]\nsetle = \"2s\"\n",
            2,
            "不认识的项“setle”",
            "是不是“settle”",
        ),
        ("[watch]\nsettle = 2\n", 2, "“watch.settle”写的是2", "\"2s\""),
        (
            "[watch]\nsettle = \"2\"\n",
            2,
            "“watch.settle”写的是“2”",
            "\"2s\"",
        ),
        (
            "[watch]\nscan_network = \"0s\"\n",
            2,
            "“scan_network”写的是0ms",
            "1s到1h",
        ),
        (
            "[watch]\npoll = \"yes\"\n",
            2,
            "“watch.poll”不能写“yes”",
            "auto、always、never",
        ),
        ("[watch]\nignore = [\"*\"]\n", 2, "匹配一切", "*.part"),
        (
            "[site]\nzone = \"Asia/Shanghia\"\n",
            2,
            "没有“Asia/Shanghia”",
            "是不是“Asia/Shanghai”",
        ),
        ("[site]\nlocale = \"cn\"\n", 2, "“site.locale”", "zh-CN、en"),
        (
            "[reading]\nchildren = 1000\n",
            2,
            "“reading.children”写的是1000",
            "0到64",
        ),
        (
            "[merge]\nquiet = \"1m\"\n",
            2,
            "quiet（1m）比 ceiling（30s）长",
            "ceiling",
        ),
        (
            "[programs]\nenabled = [\"a\", \"a\"]\n",
            2,
            "“a”写了两次",
            "留一个",
        ),
        (
            "[paths]\noutput = \"watch/out\"\n",
            2,
            "output 与共享文件夹 watch 重叠",
            "各在一处",
        ),
        (
            "[paths]\nwatch = \"x/../data\"\n",
            1,
            "data 与共享文件夹 watch 重叠",
            "各在一处",
        ),
        (
            "[paths]\noutput = \"data\"\n",
            2,
            "output 与 data 是同一个文件夹",
            "各在一处",
        ),
        ("[paths]\nwatch = \"\"\n", 2, "“watch”是空的", "watch = "),
        (
            "[database]\npath = \"watch/t.sqlite3\"\n",
            2,
            "数据库放在了共享文件夹",
            "data/taizhang.sqlite3",
        ),
        ("[office]\nmail = \"x\"\n", 2, "“x”不是邮箱地址", "@"),
        (
            "[mail]\ntransport = \"smtp\"\nfrom_address = \"a@x.cn\"\n",
            1,
            "要写邮件服务器",
            "smtp.qq.com",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\n",
            1,
            "要写发件邮箱",
            "from_address =",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"smtp://x.cn\"\nfrom_address = \"a@x.cn\"\n",
            3,
            "“smtp://x.cn”不是服务器名称",
            "端口写在 port",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\nfrom_address = \"a@x.example\"\n",
            4,
            "是占位地址",
            "真实的邮箱",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\nfrom_address = \"a@x.cn\"\nuser = \"a\"\n",
            5,
            "没有写密码放在哪里",
            "password_file",
        ),
        (
            "[mail]\ntransport = \"smtp\"\nhost = \"x.cn\"\nfrom_address = \"a@x.cn\"\npassword_env = \"P\"\n",
            1,
            "没有写登录账号",
            "user =",
        ),
        (
            "[mail]\nfrom_address = \"张@x.cn\"\n",
            2,
            "有中文",
            "wutang.gov.cn",
        ),
        (
            "[mail]\npassword_file = \"p\"\npassword_env = \"P\"\n",
            3,
            "不止一个",
            "只放一处",
        ),
        (
            "[mail]\ncredential = \"/run/p\"\n",
            2,
            "像是路径",
            "password_file",
        ),
        (
            "[mail]\nallow_domains = [\"a@x.cn\"]\n",
            2,
            "“a@x.cn”不是域名",
            "@后面",
        ),
        ("[mail]\nport = 70000\n", 2, "“mail.port”写的是70000", "65535"),
        (
            "[mail]\ntransport = \"smpt\"\n",
            2,
            "“mail.transport”不能写“smpt”",
            "file、smtp",
        ),
        ("[site]\nname = 站点\n", 2, "", "引号"),
    ] {
        let told = site(text).expect_err(text);
        let first = &told[0];
        assert_eq!(first.line, Some(line), "{text}: {told:?}");
        assert!(
            first.message.contains(message) && first.remedy.contains(remedy),
            "{text}: {told:?}"
        );
    }
}

#[test]
fn a_mail_server_is_understood() {
    let config = site(
        "[mail]\ntransport = \"smtp\"\nhost = \"smtp.qq.com\"\nsecurity = \"tls\"\nuser = \"a\"\n\
         password_file = \"secret\"\nca_file = \"/etc/ca.pem\"\nfrom_address = \"a@qq.com\"\n",
    )
    .unwrap();
    assert_eq!(config.mail.transport, MailTransport::Smtp);
    assert_eq!(config.mail.security, MailSecurity::Tls);
    assert_eq!(
        config.mail.password,
        MailPassword::File("/srv/site/secret".into())
    );
    assert_eq!(config.mail.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
    assert_eq!((config.mail.rate_per_minute, config.mail.rate_per_day), (12, 90));
}

#[test]
fn all_faults_are_told_at_once() {
    let told = site("[watch]\nsettle = 2\npoll = 1\n[x]\n").unwrap_err();
    assert_eq!(told.len(), 3, "{told:?}");
    let text = ConfigError::Wrong(told).to_string();
    assert!(
        text.contains("第2行") && text.contains("第3行") && text.contains("第4行"),
        "{text}"
    );
}

#[test]
fn a_missing_file_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = Config::load(&folder.path().join("config.toml")).unwrap_err();
    assert!(error.to_string().contains("taizhang init"), "{error}");
    let file = folder.path().join("gbk.toml");
    std::fs::write(&file, b"[site]\nname = \"\xb9\xe6\xbb\xae\"\n").unwrap();
    assert!(Config::load(&file).unwrap_err().to_string().contains("UTF-8"));
}
