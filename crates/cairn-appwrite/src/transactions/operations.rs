//! Operations of a transaction as clients write them.

use cairn_core::transactions::StagedOperation;
use cairn_faults::{Error, Vocabulary};
use cairn_http::rules::{IdChoice, Rule as _, custom_id, uid};
use cairn_model::schema::{NewDocument, Step};
use cairn_model::transactions::{BATCH_MAX, Work};
use serde_json::Value;

use crate::documents::step_of;
use crate::documents::values::{documents_of, members, permissions_of};
use crate::schemas::place;
use crate::wire::Object;

const ACTIONS: &str =
    "create, update, upsert, delete, increment, decrement, bulkCreate, bulkUpdate, bulkUpsert, bulkDelete";

/// One operation on its way from an object.
struct Sent {
    object: Object,
    words: Vocabulary,
    /// Its place in the list.
    number: usize,
}

/// Read the operation at this place of the list.
pub(super) fn read(object: Object, words: Vocabulary, number: usize) -> Result<StagedOperation, Error> {
    let mut sent = Sent { object, words, number };
    let action = sent.text("action")?;
    let database = sent.id("databaseId")?;
    let collection = sent.id(sent.word("collectionId", "tableId"))?;
    let work = sent.work(&action)?;
    Ok(StagedOperation { place: place(database, collection), work })
}

impl Sent {
    fn word(&self, document: &'static str, table: &'static str) -> &'static str {
        match self.words {
            Vocabulary::Documents => document,
            Vocabulary::Tables => table,
        }
    }

    fn refused(&self, member: &str, reason: &str) -> Error {
        Error::invalid_param(format!("/operations/{}/{member}", self.number), reason)
    }

    fn text(&self, name: &str) -> Result<String, Error> {
        match self.object.get(name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
            _ => Err(self.refused(name, &format!("\"{name}\" must be a text and not empty."))),
        }
    }

    fn id(&self, name: &str) -> Result<String, Error> {
        uid().check(&Value::String(self.text(name)?)).map_err(|refusal| self.refused(name, &refusal.reason))
    }

    fn document_id(&self) -> Result<String, Error> {
        self.id(self.word("documentId", "rowId"))
    }

    fn new_document_id(&self) -> Result<String, Error> {
        let name = self.word("documentId", "rowId");
        let choice = custom_id().check(&Value::String(self.text(name)?));
        let choice: IdChoice = choice.map_err(|refusal| self.refused(name, &refusal.reason))?;
        Ok(choice.or_make(|| "unique()".to_owned()))
    }

    fn data(&mut self) -> Result<Object, Error> {
        match self.object.remove("data") {
            Some(Value::Object(data)) => Ok(data),
            Some(Value::Array(list)) if list.is_empty() => Ok(Object::new()),
            _ => Err(self.refused("data", "\"data\" must be an object.")),
        }
    }

    fn document(&mut self, id: String) -> Result<NewDocument, Error> {
        let data = self.data()?;
        let permissions = permissions_of(&data, &format!("operation {}", self.number))?;
        Ok(NewDocument { id, data: members(data), permissions })
    }

    fn documents(&mut self) -> Result<Vec<NewDocument>, Error> {
        let Some(Value::Array(list)) = self.object.remove("data") else {
            return Err(self.refused("data", "\"data\" must be a list of objects."));
        };
        if list.len() > BATCH_MAX {
            return Err(self.refused("data", &format!("\"data\" may have up to {BATCH_MAX} objects.")));
        }
        let mut objects = Vec::with_capacity(list.len());
        for item in list {
            let Value::Object(object) = item else {
                return Err(self.refused("data", "\"data\" must be a list of objects."));
            };
            objects.push(object);
        }
        documents_of(objects)
    }

    fn step(&mut self, sign: f64) -> Result<Step, Error> {
        let (key, bound) = (self.word("attribute", "column"), if sign > 0.0 { "max" } else { "min" });
        let data = self.data()?;
        let Some(Value::String(attribute)) = data.get(key) else {
            return Err(self.refused("data", &format!("\"data\" must name the \"{key}\".")));
        };
        let number = |name: &str| match data.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.refused("data", &format!("\"{name}\" must be a number."))),
            },
        };
        let by = step_of("operations", number("value")?.unwrap_or(1.0), sign)?;
        Ok(Step { attribute: attribute.clone(), by, bound: number(bound)? })
    }

    fn queries(&self, data: &Object) -> Result<Vec<String>, Error> {
        let Some(Value::Array(list)) = data.get("queries") else {
            return Err(self.refused("data", "\"data\" must have the list \"queries\"."));
        };
        let text = |query: &Value| query.as_str().map_or_else(|| query.to_string(), str::to_owned);
        Ok(list.iter().map(text).collect())
    }

    fn work(&mut self, action: &str) -> Result<Work, Error> {
        Ok(match action {
            "create" => {
                let id = self.new_document_id()?;
                Work::Create(self.document(id)?)
            }
            "update" => {
                let id = self.document_id()?;
                Work::Update(self.document(id)?)
            }
            "upsert" => {
                let id = self.new_document_id()?;
                Work::Upsert(self.document(id)?)
            }
            "delete" => Work::Delete(self.document_id()?),
            "increment" => Work::Step(self.document_id()?, self.step(1.0)?),
            "decrement" => Work::Step(self.document_id()?, self.step(-1.0)?),
            "bulkCreate" => Work::CreateMany(self.documents()?),
            "bulkUpsert" => Work::UpsertMany(self.documents()?),
            "bulkUpdate" => {
                let mut data = self.data()?;
                let queries = self.queries(&data)?;
                let Some(Value::Object(set)) = data.remove("data") else {
                    return Err(self.refused("data", "\"data\" must have the object \"data\"."));
                };
                let permissions = permissions_of(&set, &format!("operation {}", self.number))?;
                Work::UpdateMany { data: members(set), permissions, queries }
            }
            "bulkDelete" => {
                let data = self.data()?;
                Work::DeleteMany { queries: self.queries(&data)? }
            }
            _ => return Err(self.refused("action", &format!("\"action\" must be one of {ACTIONS}."))),
        })
    }
}
