//! What every request passes before it is looked at: its host must be ours,
//! and what changes something must come from one of our own pages.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::access::Line;
use super::answer::in_language;
use super::serve::Peer;
use super::who::Known;
use super::{App, Options, headers};
use crate::desk::only_reading;

/// Who asks, as far as the network tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub IpAddr);

/// Hosts, origins, heads and the access log.
pub(super) async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let address = address(&app.options, peer, request.headers());
    request.extensions_mut().insert(Address(address));
    let (method, host) = (request.method().clone(), host(request.headers()));
    let route = request.extensions().get::<MatchedPath>().cloned();
    let language = app.site.language();
    let mut answer = if !is_ours(&app.options, host.as_deref()) {
        let words = language.either("这个地址不是本站的\n", "This address isn't one of this site's\n");
        (StatusCode::MISDIRECTED_REQUEST, words).into_response()
    } else if !method.is_safe() && !is_from_our_page(&app.options, host.as_deref(), request.headers()) {
        let words = language.either(
            "这个操作不是从本站的网页来的，没有执行\n",
            "This doesn't come from a page of this site; nothing was done\n",
        );
        (StatusCode::FORBIDDEN, words).into_response()
    } else if method.is_safe() {
        only_reading(next.run(request)).await
    } else {
        next.run(request).await
    };
    answer = in_language(language, answer);
    headers::put(answer.headers_mut(), app.options.is_encrypted());
    app.access.add(&Line {
        at: app.site.clock.now(),
        address: &address.to_string(),
        account: answer.extensions().get::<Known>().map(|own| own.0.number()),
        method: method_name(&method),
        route: route.as_ref().map_or("-", MatchedPath::as_str),
        status: answer.status().as_u16(),
        bytes: http_body::Body::size_hint(answer.body()).exact(),
    });
    answer
}

/// Only names that are known: what else a stranger sends has no place in a log.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

fn host(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(HOST).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then(|| first.to_ascii_lowercase())
}

/// Whether a host is this machine by itself, or one that the site is known by.
fn is_ours(options: &Options, host: Option<&str>) -> bool {
    let Some(host) = host else { return false };
    let own = options.public_url.split_once("://").map(|(_, own)| own);
    own.is_some_and(|own| own.eq_ignore_ascii_case(host))
        || options.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
        || is_loopback(host)
}

/// Whether a host is this machine by itself.
pub(super) fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|own| own.is_loopback())
}

/// Whether what changes something comes from a page of ours. Browsers say so;
/// who says nothing at all is no browser with a page of ours open.
fn is_from_our_page(options: &Options, host: Option<&str>, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(ORIGIN.as_str()), text("sec-fetch-site")) {
        (Some(origin), site) => {
            let authority = origin.split_once("://").map(|(_, own)| own.to_ascii_lowercase());
            let same = !options.public_url.is_empty() && options.public_url.eq_ignore_ascii_case(origin)
                || authority.is_some() && authority.as_deref() == host;
            same && matches!(site, None | Some("same-origin"))
        }
        (None, Some(site)) => site == "same-origin",
        (None, None) => false,
    }
}

/// Whom a request comes from: a proxy that is trusted says for whom it asks.
fn address(options: &Options, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !options.trusted_proxies.contains(&peer) {
        return peer;
    }
    let told = headers.get_all("x-forwarded-for").iter().next_back();
    let last = told
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.rsplit(',').next())
        .and_then(|text| text.trim().parse().ok());
    last.unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::web::Handed;

    fn options(public_url: &str) -> Options {
        Options {
            name: String::new(),
            listen: None,
            public_url: public_url.into(),
            tls: None,
            hosts: vec!["taizhang.local:8460".into()],
            trusted_proxies: vec![IpAddr::from([10, 0, 0, 1])],
            connections: 1,
            session_idle: Duration::from_mins(1),
            access_log_days: 1,
            handed: Handed::default(),
        }
    }

    #[test]
    fn only_our_own_hosts_are_ours() {
        let own = options("http://192.168.1.20:8460");
        for (host, ours) in [
            ("127.0.0.1:8460", true),
            ("localhost:1", true),
            ("[::1]:8460", true),
            ("192.168.1.20:8460", true),
            ("TAIZHANG.local:8460", true),
            ("192.168.1.20", false),
            ("192.168.1.21:8460", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example:8460", false),
            ("", false),
        ] {
            assert_eq!(is_ours(&own, Some(host)), ours, "{host}");
        }
        assert!(!is_ours(&own, None));
    }

    #[test]
    fn changes_come_from_our_own_pages_alone() {
        let own = options("https://taizhang.example.cn");
        let host = Some("taizhang.example.cn");
        for (origin, site, ours) in [
            (Some("https://taizhang.example.cn"), Some("same-origin"), true),
            (Some("https://taizhang.example.cn"), None, true),
            (Some("https://evil.example"), None, false),
            (Some("https://evil.example"), Some("same-origin"), false),
            (Some("https://taizhang.example.cn"), Some("cross-site"), false),
            (Some("null"), None, false),
            (None, Some("same-origin"), true),
            (None, Some("same-site"), false),
            (None, Some("none"), false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            assert_eq!(
                is_from_our_page(&own, host, &headers),
                ours,
                "{origin:?} {site:?}"
            );
        }
    }

    #[test]
    fn only_a_trusted_proxy_speaks_for_others() {
        let own = options("");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.2.3.4, 192.168.1.7".parse().unwrap());
        let (proxy, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        assert_eq!(address(&own, proxy, &headers), IpAddr::from([192, 168, 1, 7]));
        assert_eq!(address(&own, other, &headers), other);
        headers.insert("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(address(&own, proxy, &headers), proxy);
    }
}
