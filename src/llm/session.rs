//! Questions and answers over one connection that is made anew when the engine has closed it. Every wait and
//! every answer is bounded.

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response};
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::client::Client;
use super::error::LlmError;
use super::wire::Wire;

/// The longest answer that is taken: lists of hundreds of models and pages of counters stay below.
const MOST: usize = 4 * 1024 * 1024;
/// The longest head of an answer.
const MOST_HEAD: usize = 64 * 1024;

/// Questions over one connection. Dropping it hangs up.
pub struct Session {
    client: Client,
    line: Option<Connection>,
}

/// One connection.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    // What moves the bytes; it ends when this is dropped.
    _driver: JoinSet<()>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// What the server calls itself.
    pub server: Option<String>,
    /// The body.
    pub body: Bytes,
}

/// An answer of which the head has come.
pub(super) struct Answer {
    pub response: Response<Incoming>,
    _line: Option<Connection>,
}

impl Reply {
    /// The body as what it should be, where the engine has answered with success.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, LlmError> {
        self.success()?;
        serde_json::from_slice(&self.body).map_err(|error| LlmError::malformed(&error))
    }

    /// The body as text, where the engine has answered with success.
    pub fn text(&self) -> Result<String, LlmError> {
        self.success()?;
        Ok(String::from_utf8_lossy(&self.body).into_owned())
    }

    fn success(&self) -> Result<(), LlmError> {
        match hyper::StatusCode::from_u16(self.status) {
            Ok(status) if status.is_success() => Ok(()),
            Ok(status) => Err(LlmError::refused(status, &self.body)),
            Err(_) => Err(LlmError::Malformed(format!("status {}", self.status))),
        }
    }
}

impl Client {
    /// A series of questions over one connection, which is made when the first is asked.
    pub fn session(&self) -> Session {
        Session::new(self.clone())
    }
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self { client, line: None }
    }

    /// Asks for a path, and waits for the whole answer whatever its status.
    pub async fn get(&mut self, path: &str) -> Result<Reply, LlmError> {
        let reused = self.line.is_some();
        match self.ask(path).await {
            // A connection that was kept may have been closed while nobody asked.
            Err(LlmError::Broken(_)) if reused => self.ask(path).await,
            answered => answered,
        }
    }

    /// Closes the connection; the next question opens another.
    pub fn hang_up(&mut self) {
        self.line = None;
    }

    async fn ask(&mut self, path: &str) -> Result<Reply, LlmError> {
        let mut line = match self.line.take() {
            Some(line) if !line.sender.is_closed() => line,
            _ => Connection::open(&self.client).await?,
        };
        let request = request(&self.client, Method::GET, path, Bytes::new())?;
        let response = line.send(request, &self.client).await?;
        let status = response.status().as_u16();
        let server = response.headers().get(header::SERVER).and_then(|name| name.to_str().ok());
        let server = server.map(str::to_owned);
        let body = collect(response, &self.client).await?;
        self.line = Some(line);
        Ok(Reply { status, server, body })
    }
}

/// Sends work on a connection of its own; the answer's body comes in pieces.
pub(super) async fn post(client: &Client, path: &str, body: Bytes) -> Result<Answer, LlmError> {
    let mut line = Connection::open(client).await?;
    let request = request(client, Method::POST, path, body)?;
    let response = line.send(request, client).await?;
    if response.status().is_success() {
        return Ok(Answer { response, _line: Some(line) });
    }
    let status = response.status();
    Err(LlmError::refused(status, &collect(response, client).await?))
}

impl Connection {
    async fn open(client: &Client) -> Result<Self, LlmError> {
        let patience = client.patience.open;
        let silent = |_| LlmError::Silent { what: "let us in", after: patience };
        let stream = timeout(patience, client.way.open()).await.map_err(silent)??;
        let shaken = http1::Builder::new().max_header_size(MOST_HEAD).handshake(Wire(stream)).await;
        let (sender, connection) = shaken.map_err(|error| LlmError::broken(&error))?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // Whoever waits for an answer is told of the fault by the sender.
            let _ = connection.await;
        });
        Ok(Self { sender, _driver: driver })
    }

    async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
        client: &Client,
    ) -> Result<Response<Incoming>, LlmError> {
        let patience = client.patience.head;
        let answered = timeout(patience, async {
            self.sender.ready().await?;
            self.sender.send_request(request).await
        });
        match answered.await {
            Ok(answer) => answer.map_err(|error| LlmError::broken(&error)),
            Err(_) => Err(LlmError::Silent { what: "answer", after: patience }),
        }
    }
}

fn request(
    client: &Client,
    method: Method,
    path: &str,
    body: Bytes,
) -> Result<Request<Full<Bytes>>, LlmError> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        // Ollama answers 403 to other names: only its own machine may ask.
        .header(header::HOST, "localhost")
        .header(header::USER_AGENT, concat!("shelter/", env!("CARGO_PKG_VERSION")))
        .header(header::ACCEPT, "*/*");
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    if let Some(key) = &client.key {
        let value = HeaderValue::from_str(&format!("Bearer {key}"));
        let mut value = value.map_err(|_| LlmError::NoWay("its key is no text".to_owned()))?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(Full::new(body)).map_err(|error| LlmError::NoWay(error.to_string()))
}

async fn collect(response: Response<Incoming>, client: &Client) -> Result<Bytes, LlmError> {
    let mut body = response.into_body();
    let mut whole = BytesMut::new();
    while let Some(piece) = piece(&mut body, client).await? {
        if whole.len() + piece.len() > MOST {
            return Err(LlmError::TooLong(MOST));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// The next piece of a body; `None` after the last.
pub(super) async fn piece(body: &mut Incoming, client: &Client) -> Result<Option<Bytes>, LlmError> {
    let patience = client.patience.piece;
    loop {
        let frame = timeout(patience, body.frame()).await;
        let frame = frame.map_err(|_| LlmError::Silent { what: "go on", after: patience })?;
        let Some(frame) = frame else { return Ok(None) };
        // What is no data is trailers, which nobody here reads.
        if let Ok(data) = frame.map_err(|error| LlmError::broken(&error))?.into_data() {
            return Ok(Some(data));
        }
    }
}
