//! `[mail]`: which way letters go, and what must be written for it.

use std::path::Path;

use super::read::{MINUTE, SECOND, duration};
use super::{MailOptions, MailPassword, MailSecurity, MailTransport};
use crate::domain::definition::Section;
use crate::domain::mail_address::{fault, is_reserved};

/// Reads `[mail]`; `base` is the folder of the configuration file.
pub fn read(section: &Section<'_>, base: &Path) -> MailOptions {
    let transports = [
        ("file", MailTransport::File),
        ("smtp", MailTransport::Smtp),
        ("by-hand", MailTransport::ByHand),
    ];
    let securities = [
        ("starttls", MailSecurity::StartTls),
        ("tls", MailSecurity::Tls),
        ("none", MailSecurity::Plain),
    ];
    let text = |key| section.text(key).unwrap_or_default();
    let number = |key, default, most| section.integer(key, 1..=most).unwrap_or(default);
    let port = section.integer("port", 0..=65_535).unwrap_or(0);
    let ca_file = text("ca_file");
    let options = MailOptions {
        transport: section
            .choice("transport", &transports)
            .unwrap_or(MailTransport::File),
        host: text("host"),
        port: u16::try_from(port).unwrap_or(0),
        security: section
            .choice("security", &securities)
            .unwrap_or(MailSecurity::StartTls),
        plaintext: section.boolean("plaintext").unwrap_or(false),
        ca_file: (!ca_file.is_empty()).then(|| base.join(ca_file)),
        user: text("user"),
        password: password(section, base),
        from_name: text("from_name"),
        from_address: text("from_address"),
        timeout: duration(section, "timeout", 2 * MINUTE, SECOND, 15 * MINUTE),
        rate_per_minute: number("rate_per_minute", 12, 100_000),
        rate_per_day: number("rate_per_day", 90, 10_000_000),
        allow_domains: domains(section),
    };
    sender(section, &options);
    if options.transport == MailTransport::Smtp {
        server(section, &options);
    }
    options
}

fn password(section: &Section<'_>, base: &Path) -> MailPassword {
    let written: Vec<(&str, String)> = ["password_file", "password_env", "credential"]
        .into_iter()
        .filter_map(|key| {
            section
                .text(key)
                .filter(|text| !text.is_empty())
                .map(|text| (key, text))
        })
        .collect();
    if let [_, (second, _), ..] = written.as_slice() {
        section.report(
            second,
            "password_file、password_env、credential 写了不止一个。",
            "密码只放一处，另外的写成 \"\"。",
        );
    }
    match written.into_iter().next() {
        Some(("password_file", path)) => MailPassword::File(base.join(path)),
        Some(("password_env", name)) => MailPassword::Environment(name),
        Some((_, name)) => {
            if name.contains(['/', '\\']) || name.starts_with('.') {
                section.report(
                    "credential",
                    format!("credential 写的是“{name}”，像是路径。"),
                    "这里写凭据名；密码在文件里的，写 password_file。",
                );
            }
            MailPassword::Credential(name)
        }
        None => MailPassword::None,
    }
}

fn sender(section: &Section<'_>, options: &MailOptions) {
    let address = &options.from_address;
    if let Some(fault) = fault(address).filter(|_| !address.is_empty()) {
        section.report(
            "from_address",
            format!("发件邮箱“{address}”{fault}。"),
            "应写成 bangongshi@wutang.gov.cn 这样。",
        );
    }
}

/// What a mail server can't do without.
fn server(section: &Section<'_>, options: &MailOptions) {
    if options.host.is_empty() {
        section.report(
            "host",
            "transport = \"smtp\" 要写邮件服务器（host）。",
            "例如写 host = \"smtp.qq.com\"；暂不发信写 transport = \"file\"。",
        );
    } else if options
        .host
        .contains(|c: char| c.is_whitespace() || c == '/' || c == '@')
    {
        section.report(
            "host",
            format!("“{}”不是服务器名称。", options.host),
            "只写名称或地址，例如 host = \"smtp.qq.com\"，端口写在 port。",
        );
    }
    if options.from_address.is_empty() {
        section.report(
            "from_address",
            "transport = \"smtp\" 要写发件邮箱（from_address）。",
            "例如写 from_address = \"bangongshi@wutang.gov.cn\"。",
        );
    } else if is_reserved(&options.from_address) {
        section.report(
            "from_address",
            format!("发件邮箱“{}”是占位地址，不能真的发信。", options.from_address),
            "写真实的邮箱。",
        );
    }
    match (options.user.is_empty(), &options.password) {
        (false, MailPassword::None) => section.report(
            "user",
            "写了登录账号（user），没有写密码放在哪里。",
            "写 password_file、password_env 或 credential 中的一个。",
        ),
        (true, MailPassword::File(_) | MailPassword::Environment(_) | MailPassword::Credential(_)) => section
            .report(
                "user",
                "写了密码放在哪里，没有写登录账号（user）。",
                "例如写 user = \"bangongshi@wutang.gov.cn\"；不要登录的，密码也不写。",
            ),
        _ => {}
    }
}

fn domains(section: &Section<'_>) -> Vec<String> {
    let written = section.texts("allow_domains").unwrap_or_default();
    for domain in &written {
        if fault(&format!("a@{domain}")).is_some() {
            section.report(
                "allow_domains",
                format!("“{domain}”不是域名。"),
                "写@后面的部分，例如 \"wutang.gov.cn\"。",
            );
        }
    }
    written
}
