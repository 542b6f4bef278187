//! `[web]`: where the office's page is served.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use super::WebOptions;
use super::read::{MINUTE, duration};
use crate::domain::definition::Section;

const HOUR: std::time::Duration = std::time::Duration::from_hours(1);

/// Reads `[web]`; `base` is the folder of the configuration file.
pub fn read(section: &Section<'_>, base: &Path) -> WebOptions {
    let text = |key| section.text(key).unwrap_or_default();
    let listen = section.text("listen").unwrap_or_else(|| "127.0.0.1:8460".into());
    let (tls_cert, tls_key) = (text("tls_cert"), text("tls_key"));
    let file = |name: &str| (!name.is_empty()).then(|| base.join(name));
    let proxies = section.texts("trusted_proxies").unwrap_or_default();
    let options = WebOptions {
        listen: address(section, &listen),
        public_url: public_url(section, &text("public_url")),
        plaintext: section.boolean("plaintext").unwrap_or(false),
        tls: file(&tls_cert).zip(file(&tls_key)),
        hosts: section.texts("hosts").unwrap_or_default(),
        trusted_proxies: proxies.iter().filter_map(|text| proxy(section, text)).collect(),
        connections: section.integer("connections", 1..=10_000).unwrap_or(256),
        session_idle: duration(section, "session_idle", 2 * HOUR, MINUTE, 12 * HOUR),
        access_log_days: section.integer("access_log_days", 1..=3_650).unwrap_or(190),
    };
    if tls_cert.is_empty() != tls_key.is_empty() {
        section.report(
            if tls_cert.is_empty() {
                "tls_key"
            } else {
                "tls_cert"
            },
            "tls_cert 和 tls_key 只写了一个。",
            "证书和私钥都写，或者都写成 \"\"。",
        );
    }
    for host in &options.hosts {
        if host.is_empty() || host.contains(['/', ' ', '@']) {
            section.report(
                "hosts",
                format!("hosts 里的“{host}”不是主机名。"),
                "只写主机名，可以带端口，例如 \"taizhang.local:8460\"。",
            );
        }
    }
    exposed(section, &options);
    options
}

/// Beyond this machine nobody but those who are meant may read along.
fn exposed(section: &Section<'_>, options: &WebOptions) {
    let Some(listen) = options.listen.filter(|listen| !listen.ip().is_loopback()) else {
        return;
    };
    if options.tls.is_none() && !options.plaintext {
        section.report(
            "listen",
            format!("页面开到本机以外（{listen}），却没有加密。"),
            "写上 tls_cert 和 tls_key；确实不加密的，写 plaintext = true，密码会在网上明文传送。",
        );
    }
    if options.public_url.is_empty() && options.hosts.is_empty() {
        section.report(
            "listen",
            format!("页面开到本机以外（{listen}），却没有写别人用什么地址打开。"),
            "写 public_url，例如 \"http://192.168.1.20:8460\"。",
        );
    }
}

fn address(section: &Section<'_>, text: &str) -> Option<SocketAddr> {
    if text.is_empty() {
        return None;
    }
    let found = text.parse().ok();
    if found.is_none() {
        section.report(
            "listen",
            format!("listen 写的是“{text}”，不是地址和端口。"),
            "例如 \"127.0.0.1:8460\"；不开页面写 \"\"。",
        );
    }
    found
}

fn proxy(section: &Section<'_>, text: &str) -> Option<IpAddr> {
    let found = text.parse().ok();
    if found.is_none() {
        section.report(
            "trusted_proxies",
            format!("trusted_proxies 里的“{text}”不是IP地址。"),
            "例如 [\"127.0.0.1\"]。",
        );
    }
    found
}

/// Scheme, host and port, without a slash at the end.
fn public_url(section: &Section<'_>, text: &str) -> String {
    let text = text.trim_end_matches('/').to_owned();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let whole = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ']));
    if !text.is_empty() && !whole {
        section.report(
            "public_url",
            format!("public_url 写的是“{text}”，不是网址。"),
            "只写到端口为止，例如 \"http://192.168.1.20:8460\" 或 \"https://taizhang.example.cn\"。",
        );
    }
    text
}
