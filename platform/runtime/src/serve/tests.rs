use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;

use super::*;

struct Served {
    address: SocketAddr,
    stop: CancellationToken,
    ended: tokio::task::JoinHandle<usize>,
}

async fn start(app: Router, options: ServeOptions) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let ended = tokio::spawn(serve(listener, app, options, stop.clone()));
    Served {
        address,
        stop,
        ended,
    }
}

fn options() -> ServeOptions {
    ServeOptions {
        header_timeout: Duration::from_secs(10),
        connections_max: 10,
        grace: Duration::from_secs(10),
    }
}

async fn ask(stream: &mut TcpStream, path: &str) {
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n").as_bytes())
        .await
        .unwrap();
}

async fn read_some(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 4_096];
    let read = stream.read(&mut buffer).await.unwrap();
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

async fn read_all(mut stream: TcpStream) -> String {
    let mut text = String::new();
    // A connection that the other side cut may end in an error; what came before counts.
    let _reset = stream.read_to_string(&mut text).await;
    text
}

#[tokio::test]
async fn requests_under_way_end_before_the_server_does() {
    let (begun, begins) = oneshot::channel();
    let (go, gone) = oneshot::channel::<()>();
    let once = Arc::new(std::sync::Mutex::new(Some((begun, gone))));
    let app = Router::new().route(
        "/slow",
        get(move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
            let (begun, gone) = once.lock().unwrap().take().unwrap();
            async move {
                begun.send(()).unwrap();
                gone.await.unwrap();
                format!("hello {}", peer.ip())
            }
        }),
    );
    let served = start(app, options()).await;
    let mut idle = TcpStream::connect(served.address).await.unwrap();
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    ask(&mut stream, "/slow").await;
    begins.await.unwrap();
    served.stop.cancel();
    assert_eq!(
        read_some(&mut idle).await,
        "",
        "an idle connection is closed at once"
    );
    while TcpStream::connect(served.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go.send(()).unwrap();
    assert!(read_all(stream).await.ends_with("hello 127.0.0.1"));
    assert_eq!(served.ended.await.unwrap(), 0);
}

#[tokio::test]
async fn who_does_not_end_in_time_is_cut() {
    let app = Router::new()
        .route("/deaf", get(std::future::pending::<()>))
        .route("/", get(|| async { "in" }));
    let served = start(
        app,
        ServeOptions {
            grace: Duration::from_millis(20),
            ..options()
        },
    )
    .await;
    let mut deaf = TcpStream::connect(served.address).await.unwrap();
    ask(&mut deaf, "/deaf").await;
    let mut other = TcpStream::connect(served.address).await.unwrap();
    ask(&mut other, "/").await;
    assert!(read_some(&mut other).await.ends_with("in"));
    served.stop.cancel();
    assert_eq!(served.ended.await.unwrap(), 1);
    assert_eq!(read_all(deaf).await, "");
}

#[tokio::test]
async fn a_header_that_does_not_come_ends_the_connection() {
    let served = start(
        Router::new(),
        ServeOptions {
            header_timeout: Duration::from_millis(20),
            ..options()
        },
    )
    .await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
    assert!(!read_all(stream).await.contains("200 OK"));
    served.stop.cancel();
    served.ended.await.unwrap();
}

#[tokio::test]
async fn one_connection_too_many_waits() {
    let app = Router::new().route("/", get(|| async { "in" }));
    let served = start(
        app,
        ServeOptions {
            connections_max: 1,
            ..options()
        },
    )
    .await;
    let mut first = TcpStream::connect(served.address).await.unwrap();
    ask(&mut first, "/").await;
    assert!(read_some(&mut first).await.ends_with("in"));
    let mut second = TcpStream::connect(served.address).await.unwrap();
    ask(&mut second, "/").await;
    let early = tokio::time::timeout(Duration::from_millis(50), read_some(&mut second)).await;
    assert!(early.is_err(), "{early:?}");
    drop(first);
    assert!(read_some(&mut second).await.ends_with("in"));
    drop(second);
    served.stop.cancel();
    served.ended.await.unwrap();
}
