//! `cairn explain <code>`: find a fault by any code of any contract.

use crate::format::{Code, ContractAge, Format, Vocabulary};
use crate::pages;
use crate::table::Fault;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How many suggestions a mistyped code gets at most.
const SUGGESTIONS_MAX: usize = 5;
/// Below this similarity (0 to 1) a name is no suggestion.
const SIMILARITY_MIN: f64 = 0.75;

/// What a code means.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What was asked.
    pub asked: String,
    /// The faults with that code, one entry per contract that uses it.
    pub matches: Vec<Match>,
    /// Names that look like what was asked, best first; only without matches.
    pub suggestions: Vec<String>,
}

/// One use of a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    /// The fault.
    pub fault: Fault,
    /// The contract that uses the code: `appwrite`, `reason`, `everlive`, `discord`, or `cairn` for the fault's id.
    pub contract: &'static str,
}

/// Find a code: `user_blocked`, `user:banned`, `603`, `everlive:603`, `discord:20013`, or a fault's id.
pub fn explain(code: &str) -> Explanation {
    let asked = code.trim();
    let (contract, wanted) = split_contract(asked);
    let mut matches: Vec<Match> = Vec::new();
    for &fault in Fault::ALL {
        for (name, own) in own_codes(fault) {
            let is_same_contract = contract.is_none_or(|contract| contract == name);
            if is_same_contract && own.eq_ignore_ascii_case(wanted) {
                let found = Match { fault, contract: name };
                let is_known =
                    matches.iter().any(|known| known.fault == fault && (*known == found || name == "cairn"));
                if !is_known {
                    matches.push(found);
                }
            }
        }
    }
    let suggestions = if matches.is_empty() { suggest(wanted) } else { Vec::new() };
    Explanation { asked: asked.to_owned(), matches, suggestions }
}

/// `discord:50035` names its contract; `user:banned` does not, for `user` is none.
fn split_contract(asked: &str) -> (Option<&'static str>, &str) {
    let contracts = ["appwrite", "reason", "everlive", "discord", "cairn"];
    asked
        .split_once(':')
        .and_then(|(prefix, rest)| {
            let contract = contracts.into_iter().find(|name| name.eq_ignore_ascii_case(prefix))?;
            Some((Some(contract), rest.trim()))
        })
        .unwrap_or((None, asked))
}

/// The codes that a fault's own row names, with their contracts; the id last.
fn own_codes(fault: Fault) -> Vec<(&'static str, String)> {
    let row = fault.row();
    let mut codes: Vec<(&'static str, String)> = Vec::new();
    let mut add = |contract, code: String| {
        if !codes.contains(&(contract, code.clone())) {
            codes.push((contract, code));
        }
    };
    if let Some((_, name, table_name)) = row.appwrite {
        add("appwrite", name.to_owned());
        if let Some(name) = table_name {
            add("appwrite", name.to_owned());
        }
    }
    if let Some((_, name)) = row.appwrite_1_0 {
        add("appwrite", name.to_owned());
    }
    if let Some((_, name)) = row.reason {
        add("reason", name.to_owned());
    }
    if let Some((_, code, _)) = row.everlive {
        add("everlive", code.to_string());
    }
    if let Some((_, code)) = row.discord {
        add("discord", code.to_string());
    }
    add("cairn", fault.id().to_owned());
    codes
}

fn suggest(wanted: &str) -> Vec<String> {
    let wanted = wanted.to_ascii_lowercase();
    let mut scored: Vec<(f64, String)> = Vec::new();
    for &fault in Fault::ALL {
        for (_, code) in own_codes(fault) {
            let score = strsim::jaro_winkler(&wanted, &code.to_ascii_lowercase());
            let distance = strsim::damerau_levenshtein(&wanted, &code.to_ascii_lowercase());
            let is_near = score >= SIMILARITY_MIN && (distance <= 2 || distance * 3 <= code.len());
            if is_near && !scored.iter().any(|(_, known)| *known == code) {
                scored.push((score, code));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.into_iter().take(SUGGESTIONS_MAX).map(|(_, code)| code).collect()
}

impl Explanation {
    /// Whether anything has this code.
    pub fn is_found(&self) -> bool {
        !self.matches.is_empty()
    }

    /// The faults found, each once, in the order of the table.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = Vec::new();
        for found in &self.matches {
            if !faults.contains(&found.fault) {
                faults.push(found.fault);
            }
        }
        faults
    }

    /// The text for a terminal.
    pub fn text(&self) -> String {
        if !self.is_found() {
            return self.not_found_text();
        }
        let mut text = String::new();
        let faults = self.faults();
        if faults.len() > 1 {
            let _ = writeln!(text, "`{}` stands for {} conditions.\n", self.asked, faults.len());
        }
        for fault in faults {
            let contracts: Vec<&str> =
                self.matches.iter().filter(|m| m.fault == fault).map(|m| m.contract).collect();
            fault_text(&mut text, fault, &contracts);
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    fn not_found_text(&self) -> String {
        let mut text = format!("No contract knows the code `{}`.\n", self.asked);
        if !self.suggestions.is_empty() {
            text.push_str("Similar codes:\n");
            for suggestion in &self.suggestions {
                let _ = writeln!(text, "  {suggestion}");
            }
        }
        text
    }

    /// The same as JSON.
    pub fn json(&self) -> Value {
        let matches: Vec<Value> = self
            .matches
            .iter()
            .map(|found| json!({ "contract": found.contract, "fault": pages::fault_json(found.fault) }))
            .collect();
        json!({ "asked": self.asked, "matches": matches, "suggestions": self.suggestions })
    }
}

fn fault_text(text: &mut String, fault: Fault, contracts: &[&str]) {
    let _ =
        writeln!(text, "{} ({}; matched in: {})\n", fault.id(), fault.kind().label(), contracts.join(", "));
    for line in fault.page().lines() {
        let _ = writeln!(text, "{}", if line.is_empty() { String::new() } else { format!("  {line}") });
    }
    text.push('\n');
    for (label, format) in pages::CONTRACT_COLUMNS {
        let code = fault.code(*format, Vocabulary::Documents);
        let other = fault.code(*format, Vocabulary::Tables);
        let names = if other == code { code.to_string() } else { format!("{code} | {other}") };
        let _ = writeln!(text, "  {label:<13} {} {names}", fault.status(*format));
    }
    if fault.is_planned() {
        text.push_str("\n  The feature that raises this does not exist yet.\n");
    }
    text.push('\n');
}

impl Fault {
    /// The text that the Everlive contract fixes for this fault's number, if its row has one.
    pub(crate) fn everlive_text(self) -> Option<&'static str> {
        match self.row().everlive {
            Some((_, _, text)) => Some(text),
            None => self.row().like.and_then(Fault::everlive_text),
        }
    }

    /// The faults whose code in a format is this one, by their rows or by falling back.
    pub fn by_code(format: Format, code: Code) -> Vec<Fault> {
        let vocabularies = [Vocabulary::Documents, Vocabulary::Tables];
        let has_code = |fault: &Fault| vocabularies.iter().any(|words| fault.code(format, *words) == code);
        Fault::ALL.iter().copied().filter(has_code).collect()
    }

    /// The newest Appwrite type: the name by which most people know the fault.
    pub fn appwrite_type(self) -> Code {
        self.code(Format::Appwrite(ContractAge::V1_9), Vocabulary::Documents)
    }
}

#[cfg(test)]
mod tests;
