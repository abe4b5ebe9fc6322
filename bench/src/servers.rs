//! The servers under measurement: how each is started, and what each needs before its first record.

pub(crate) mod cairn;
pub(crate) mod minimal;
pub(crate) mod pocketbase;

use crate::endpoint::{Endpoint, Kind};
use crate::http::{Connection, write_request};
use crate::load::send_all;
use crate::minimal::Reads;
use crate::process::{Server, free_address};
use crate::record::{Dice, PAGE};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

const FILL_LANES: usize = 64;
/// Fewer records would leave some categories, or one of the projects, empty.
pub(crate) const ROWS_MIN: usize = 2000;

/// Where binaries and data are.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// Everything that is written lies below it.
    pub(crate) dir: PathBuf,
    /// Cairn's binary.
    pub(crate) cairn: PathBuf,
    /// PocketBase's binary; fetched when absent.
    pub(crate) pocketbase: Option<PathBuf>,
    /// Where the minimal server's reads run.
    pub(crate) minimal_reads: Reads,
}

impl Ground {
    /// A data directory that is there and empty.
    pub(crate) fn fresh_dir(&self, name: &str) -> Result<PathBuf> {
        let dir = self.dir.join("data").join(name);
        if dir.exists() {
            std::fs::remove_dir_all(&dir).with_context(|| format!("emptying {}", dir.display()))?;
        }
        std::fs::create_dir_all(&dir)?;
        Ok(dir)
    }

    /// Start a server on a data directory and wait until it answers.
    pub(crate) fn start(&self, kind: Kind, data: &Path) -> Result<Server> {
        let address = free_address()?;
        let (command, health) = match kind {
            Kind::Cairn => (cairn::command(&self.cairn, data, address), cairn::HEALTH),
            Kind::Minimal => (minimal::command(data, address, self.minimal_reads)?, minimal::HEALTH),
            Kind::Pocketbase => {
                let binary = pocketbase::binary(self)?;
                (pocketbase::command(&binary, data, address), pocketbase::HEALTH)
            }
        };
        let name = data.file_name().unwrap_or_default().display();
        Server::start(command, address, health, &self.dir.join("log").join(format!("{name}.log")))
    }
}

/// A running server with its collections, ready for load.
pub(crate) struct Site {
    /// Which server.
    pub(crate) kind: Kind,
    /// Its process.
    pub(crate) server: Server,
    /// One collection, or one in each of several projects.
    pub(crate) endpoints: Vec<Rc<Endpoint>>,
    /// Requests that sign users in, one per account; none where the server knows no users.
    pub(crate) sign_ins: Rc<[Vec<u8>]>,
    /// Cairn alone: sign-ins of the account API with a wrong password, for an address with and one without an account.
    pub(crate) refused: [Vec<u8>; 2],
}

/// What a server was prepared with.
pub(crate) struct Prepared {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) sign_ins: Vec<Vec<u8>>,
    pub(crate) refused: [Vec<u8>; 2],
}

impl Site {
    /// Start a server on an empty directory, prepare `projects` collections, and store `rows` records in all.
    pub(crate) async fn open(
        ground: &Ground,
        kind: Kind,
        name: &str,
        projects: usize,
        rows: usize,
    ) -> Result<Self> {
        let data = ground.fresh_dir(name)?;
        if kind == Kind::Pocketbase {
            pocketbase::make_superuser(&pocketbase::binary(ground)?, &data)?;
        }
        let server = ground.start(kind, &data)?;
        let Prepared { mut endpoints, sign_ins, refused } = match kind {
            Kind::Cairn => cairn::prepare(server.address, projects).await?,
            Kind::Minimal => minimal::prepare(projects)?,
            Kind::Pocketbase => pocketbase::prepare(server.address, projects).await?,
        };
        for (place, endpoint) in endpoints.iter_mut().enumerate() {
            fill(&server, endpoint, rows / projects, place as u64)
                .await
                .with_context(|| format!("storing the first records in {name}"))?;
            prove(&server, endpoint).await.with_context(|| format!("checking {name}"))?;
        }
        let endpoints = endpoints.into_iter().map(Rc::new).collect();
        Ok(Self { kind, server, endpoints, sign_ins: sign_ins.into(), refused })
    }
}

/// Store records over the API and keep their ids.
async fn fill(server: &Server, endpoint: &mut Endpoint, rows: usize, seed: u64) -> Result<()> {
    let writing = Rc::new(Endpoint {
        kind: endpoint.kind,
        path: endpoint.path.clone(),
        headers: endpoint.headers.clone(),
        ids: Vec::new(),
    });
    let reading = Rc::clone(&writing);
    let dice = RefCell::new(Dice::new(seed));
    let ids = Rc::new(RefCell::new(Vec::with_capacity(rows)));
    let kept = Rc::clone(&ids);
    let write = Rc::new(move |out: &mut Vec<u8>, _| writing.create(out, &mut dice.borrow_mut()));
    let keep = Rc::new(move |body: &[u8]| {
        let id = reading.created_id(body).context("the answer to a creation holds no id")?;
        kept.borrow_mut().push(id);
        Ok(())
    });
    send_all(server.address, FILL_LANES, rows, write, keep).await?;
    endpoint.ids = ids.take();
    Ok(())
}

/// See that the operations do what the cases assume: fast nonsense would win every comparison.
async fn prove(server: &Server, endpoint: &Endpoint) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let mut dice = Dice::new(1);
    let mut request = Vec::new();
    endpoint.list(&mut request, &mut dice);
    let page = ask(&mut connection, &request).await?;
    let (members, total) = endpoint.kind.list_members();
    let records = page[members].as_array().with_context(|| format!("no {members} in {page}"))?;
    let total = page[total].as_u64().with_context(|| format!("no {total} in {page}"))?;
    ensure!(records.len() as u64 == total.min(PAGE as u64), "{} records of {total} in a page", records.len());
    let ranks: Vec<i64> = records.iter().filter_map(|record| record["rank"].as_i64()).collect();
    ensure!(
        ranks.len() == records.len() && ranks.is_sorted_by(|a, b| a >= b),
        "not by falling rank: {ranks:?}"
    );
    ensure!(
        records.iter().all(|record| record["category"] == records[0]["category"]),
        "categories are mixed"
    );

    request.clear();
    endpoint.update(&mut request, &mut dice.clone());
    let updated = ask(&mut connection, &request).await?;
    request.clear();
    dice_skip_changes(&mut dice);
    endpoint.read(&mut request, &mut dice);
    let read = ask(&mut connection, &request).await?;
    ensure!(read["rank"] == updated["rank"] && read["title"] == updated["title"], "{read} is not {updated}");
    Ok(())
}

/// An update draws its values before it draws the record; a read draws the record alone.
fn dice_skip_changes(dice: &mut Dice) {
    let _ = crate::record::changes(dice);
}

async fn ask(connection: &mut Connection, request: &[u8]) -> Result<Value> {
    let frame = connection.exchange_bounded(request).await?;
    let body = connection.body(frame)?;
    let text = String::from_utf8_lossy(&body);
    ensure!((200..300).contains(&frame.status), "answered {}: {text}", frame.status);
    serde_json::from_slice(&body).with_context(|| format!("the answer is not JSON: {text}"))
}

/// A POST with a JSON body, ready to be sent many times.
pub(crate) fn post(path: &str, headers: &str, body: &Value) -> Vec<u8> {
    let mut request = Vec::new();
    write_request(&mut request, "POST", path, headers, body.to_string().as_bytes());
    request
}
