//! From a socket to the router: whoever is slow, silent or too many is shown
//! out, and nothing here ever stops the daemon.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use super::tls::Certificates;
use super::{App, Options, access, render, routes, settings};
use crate::desk::Site;
use crate::desk::accounts::{FIRST_FILE, Gate, first_address};
use crate::desk::api::make_key;
use crate::desk::board::Board;
use crate::desk::page;
use crate::desk::setup::Setup;
use crate::desk::uploads::forget_old;

/// Between two tries to open the socket.
const AGAIN: Duration = Duration::from_secs(10);

/// Between two looks for files that nobody has decided about.
const FORGETTING: Duration = Duration::from_mins(5);

/// The longest that a browser takes to say what it wants.
const HEAD: Duration = Duration::from_secs(10);

/// The longest that a connection lasts.
const CONNECTION: Duration = Duration::from_mins(15);

/// Connections of one address.
const OF_ADDRESS: usize = 16;

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub IpAddr);

/// Where the page is served, once it is.
#[derive(Debug, Clone, Default)]
pub struct Serving(Arc<Mutex<Option<SocketAddr>>>);

impl Serving {
    /// The address of the socket; none as long as it isn't open.
    #[must_use]
    pub fn at(&self) -> Option<SocketAddr> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, at: Option<SocketAddr>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

/// Serves the page, for as long as it is polled. A socket that can't be opened
/// is named and tried again.
pub async fn serve(site: Arc<Site>, options: Options, serving: Serving) {
    let Some(listen) = options.listen else { return };
    let app = app(site, options, None);
    if let Err(error) = make_key(&app.site) {
        tracing::error!("/api/v1 的密钥没有写成，接口暂不可用：{error:#}");
    }
    let router = routes::router(&app);
    let forgetting = async {
        loop {
            forget_old(&app.site);
            sleep(FORGETTING).await;
        }
    };
    tokio::select! {
        _ = forgetting => {}
        () = keep_serving(&app, listen, &serving, &router) => {}
    }
}

fn app(site: Arc<Site>, options: Options, setup: Option<Arc<Setup>>) -> Arc<App> {
    Arc::new(App {
        gate: Gate::new(options.session_idle),
        board: Board::default(),
        pages: render::Pages::of(&site),
        access: access::AccessLog::new(&site.options.data, options.access_log_days),
        exporting: tokio::sync::Mutex::default(),
        busy: settings::Busy::default(),
        setup,
        site,
        options,
    })
}

/// Serves the pages by which a site is set up, until it is made; answers that
/// are on their way then still go.
///
/// # Errors
/// The socket can't be used.
pub async fn serve_setup(
    site: Arc<Site>,
    options: Options,
    setup: Arc<Setup>,
    listener: std::net::TcpListener,
) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let app = app(site, options, Some(setup.clone()));
    let router = routes::setting_up(&app);
    tokio::select! {
        () = accept(&app, listener, None, &router) => {}
        () = setup.is_finished() => {}
    }
    Ok(())
}

async fn keep_serving(app: &Arc<App>, listen: SocketAddr, serving: &Serving, router: &Router) {
    loop {
        match open(app, listen).await {
            Ok((listener, certificates)) => {
                page::works(&app.site);
                let at = listener.local_addr().unwrap_or(listen);
                announce(app, at).await;
                serving.set(Some(at));
                accept(app, listener, certificates, router).await;
            }
            Err(error) => page::fails(&app.site, &error),
        }
        sleep(AGAIN).await;
    }
}

async fn open(app: &App, listen: SocketAddr) -> anyhow::Result<(TcpListener, Option<Certificates>)> {
    let certificates = app.options.tls.as_ref().map(Certificates::read).transpose()?;
    if let Some(handed) = app.options.handed.take() {
        handed.set_nonblocking(true)?;
        return Ok((TcpListener::from_std(handed)?, certificates));
    }
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| anyhow::anyhow!("网页的端口 {listen} 打不开：{error}"))?;
    Ok((listener, certificates))
}

/// Says where the page is, and how the first person comes in.
async fn announce(app: &App, listen: SocketAddr) {
    let own = app.options.address(listen);
    tracing::info!("网页：{own}");
    match first_address(&app.site, &own).await {
        Ok(None) => {}
        Err(error) => tracing::error!("首次登录的地址没有写成：{error:#}"),
        Ok(Some(path)) => {
            // To whoever sits there alone: a log is read by others.
            if std::io::stderr().is_terminal() {
                eprintln!("还没有用户。打开这个地址建立第一个（24小时内有效，用过即失效）：{own}{path}");
            }
            let file = app.site.options.data.join(FIRST_FILE);
            tracing::info!("还没有用户。建立第一个用户的地址写在 {}", file.display());
        }
    }
}

async fn accept(app: &Arc<App>, listener: TcpListener, certificates: Option<Certificates>, router: &Router) {
    let all = Arc::new(Semaphore::new(app.options.connections));
    let addresses = Addresses::default();
    let certificates = certificates.map(Arc::new);
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file handles, most likely: some will be closed.
                tracing::warn!(%error, "网页没有接到来访");
                sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let room = all.clone().try_acquire_owned().ok();
        let Some(guest) = room.and_then(|room| addresses.enter(peer.ip(), room)) else {
            tokio::spawn(turn_away(stream));
            continue;
        };
        let (router, certificates) = (router.clone(), certificates.clone());
        let setup = app.setup.clone();
        tokio::spawn(async move {
            let _guest = guest;
            let _ = stream.set_nodelay(true);
            let spoken = async {
                match &certificates {
                    None => talk(stream, peer.ip(), router, setup).await,
                    Some(certificates) => {
                        if let Ok(Ok(stream)) = timeout(HEAD, certificates.acceptor().accept(stream)).await {
                            talk(stream, peer.ip(), router, setup).await;
                        }
                    }
                }
            };
            let _ = timeout(CONNECTION, spoken).await;
        });
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: IpAddr,
    router: Router,
    setup: Option<Arc<Setup>>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 << 10);
    // What was set up is answered for by the site from then on, not by us.
    let over = async {
        match setup {
            Some(setup) => setup.is_finished().await,
            None => std::future::pending().await,
        }
    };
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // Who hangs up is nobody's fault.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = over => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// Too many at a time: said in words, since intake goes on by the folder.
async fn turn_away(mut stream: TcpStream) {
    const WORDS: &str = "请稍后，或放入共享文件夹";
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{WORDS}",
        WORDS.len()
    );
    let _ = timeout(HEAD, async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
}

/// How many connections each address has.
#[derive(Debug, Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection that is let in.
struct Guest {
    addresses: Addresses,
    address: IpAddr,
    _room: OwnedSemaphorePermit,
}

impl Addresses {
    fn enter(&self, address: IpAddr, room: OwnedSemaphorePermit) -> Option<Guest> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(address).or_default();
        (*own < OF_ADDRESS).then(|| {
            *own += 1;
            Guest {
                addresses: self.clone(),
                address,
                _room: room,
            }
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut all = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.address);
            }
        }
    }
}
