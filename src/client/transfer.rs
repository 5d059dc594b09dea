//! Files that go to a server or come from it, piece by piece: neither is ever held whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::control::ControlError;
use super::fetch::{FetchError, Fetched, Target};

/// Bytes of a file that are read at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// Largest answer that is a refusal or a few facts.
const FACTS_BYTES_MAX: usize = 1024 * 1024;

/// Why a file did not go over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransferError {
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("cannot read {path}: {source}", path = .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {path}: {source}", path = .path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl From<FetchError> for TransferError {
    fn from(error: FetchError) -> Self {
        TransferError::Control(error.into())
    }
}

/// Told of the bytes that went over: how many more.
pub(crate) type BytesTold = Arc<dyn Fn(u64) + Send + Sync>;

/// A file as the body of a request.
struct FileBody {
    file: File,
    left: u64,
    told: BytesTold,
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    /// Reading a local file may block for a moment, which nobody else waits for.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let size = usize::try_from(self.left).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
        let mut piece = BytesMut::zeroed(size);
        let read = self.file.read(&mut piece);
        Poll::Ready(Some(match read {
            Ok(0) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter")),
            Ok(n_read) => {
                self.left -= n_read as u64;
                (self.told)(n_read as u64);
                piece.truncate(n_read);
                Ok(Frame::data(piece.freeze()))
            }
            Err(error) => Err(error),
        }))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

impl Target {
    /// Posts a file; answers what the server says of it, as JSON.
    ///
    /// # Errors
    /// Where the file cannot be read, nothing answers, or it refuses.
    pub(crate) async fn upload(
        &self,
        path: &str,
        media_type: &'static str,
        file: &Path,
        told: BytesTold,
    ) -> Result<serde_json::Value, TransferError> {
        let unread = |source| TransferError::Read { path: file.to_owned(), source };
        // Before it is opened: a pipe without a writer would not open. The length of anything else is
        // not known before its end.
        let about = fs::metadata(file).map_err(unread)?;
        if !about.is_file() {
            let found = if about.is_dir() { "a folder" } else { "a pipe or a device" };
            return Err(unread(io::Error::other(format!("expected a file, found {found}"))));
        }
        let open = File::open(file).map_err(unread)?;
        let left = open.metadata().map_err(unread)?.len();
        let (sender, request) = self.open(Method::POST, path).await?;
        let request = request.header(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        let response = self.send_body(sender, request, FileBody { file: open, left, told }).await?;
        let fetched = self.facts(response).await?;
        if !fetched.status.is_success() {
            return Err(self.refusal(&fetched).into());
        }
        let not_ringback = |_| ControlError::NotRingback(self.base.clone());
        Ok(serde_json::from_slice(&fetched.body).map_err(not_ringback)?)
    }

    /// Fetches a file. It has the name that is asked for only once it is whole; a file that was
    /// there, also behind a link, is replaced then. What is no file, such as a pipe or a device, is
    /// written to as it is. Answers the length in bytes.
    ///
    /// # Errors
    /// Where nothing answers, it refuses, the answer breaks off, or the file cannot be written.
    pub(crate) async fn download(
        &self,
        path: &str,
        file: &Path,
        told: BytesTold,
    ) -> Result<u64, TransferError> {
        let mut response = self.stream(path).await?;
        let unwritten = |source| TransferError::Write { path: file.to_owned(), source };
        let place = match fs::metadata(file) {
            Ok(about) if about.is_file() => fs::canonicalize(file).map_err(unwritten)?,
            Ok(_) => {
                let mut open = OpenOptions::new().write(true).open(file).map_err(unwritten)?;
                return self.copy(&mut response, &mut open, file, &told).await;
            }
            Err(_) => file.to_owned(),
        };
        let mut part = Part::new(&place).map_err(unwritten)?;
        let n_bytes = self.copy(&mut response, &mut part.file, file, &told).await?;
        part.keep(&place).map_err(unwritten)?;
        Ok(n_bytes)
    }

    /// Fetches a file and hands it on as it comes, such as to a pipe.
    ///
    /// # Errors
    /// As for [`Target::download`]. What was handed on by then stays.
    pub(crate) async fn download_to(
        &self,
        path: &str,
        out: &mut (dyn Write + Send),
        told: BytesTold,
    ) -> Result<u64, TransferError> {
        let mut response = self.stream(path).await?;
        self.copy(&mut response, out, Path::new("stdout"), &told).await
    }

    async fn stream(&self, path: &str) -> Result<Response<Incoming>, TransferError> {
        let (sender, request) = self.open(Method::GET, path).await?;
        let response = self.send_body(sender, request, Empty::<Bytes>::new()).await?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        let fetched = self.facts(response).await?;
        Err(self.refusal(&fetched).into())
    }

    async fn copy(
        &self,
        response: &mut Response<Incoming>,
        out: &mut (dyn Write + Send),
        path: &Path,
        told: &BytesTold,
    ) -> Result<u64, TransferError> {
        let mut n_bytes = 0;
        while let Some(frame) = response.body_mut().frame().await {
            let Ok(piece) = frame.map_err(|error| self.no_answer(&error))?.into_data() else {
                continue;
            };
            let unwritten = |source| TransferError::Write { path: path.to_owned(), source };
            out.write_all(&piece).map_err(unwritten)?;
            n_bytes += piece.len() as u64;
            told(piece.len() as u64);
        }
        Ok(n_bytes)
    }

    async fn send_body<B>(
        &self,
        mut sender: hyper::client::conn::http1::SendRequest<B>,
        request: http::request::Builder,
        body: B,
    ) -> Result<Response<Incoming>, FetchError>
    where
        B: Body + Send + 'static,
    {
        let request: Request<B> = request.body(body).map_err(|error| self.no_answer(&error))?;
        sender.send_request(request).await.map_err(|error| self.no_answer(&error))
    }

    async fn facts(&self, response: Response<Incoming>) -> Result<Fetched, FetchError> {
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, FACTS_BYTES_MAX).collect().await;
        let body = body.map_err(|error| self.no_answer(&error))?.to_bytes();
        Ok(Fetched { status: parts.status, body })
    }
}

/// A file that is being written, beside its place; it is gone again unless it is kept.
struct Part {
    file: File,
    path: PathBuf,
    is_kept: bool,
}

impl Part {
    /// Only its owner may read it: credentials are in exports.
    fn new(wanted: &Path) -> io::Result<Self> {
        let name = wanted.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let mut part = name.to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let path = wanted.with_file_name(part);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Part { file, path, is_kept: false })
    }

    fn keep(mut self, wanted: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, wanted)?;
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            // Where it cannot be removed, it lies beside the name that was asked for.
            let _ = fs::remove_file(&self.path);
        }
    }
}
