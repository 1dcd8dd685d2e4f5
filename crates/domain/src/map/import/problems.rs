//! What is wrong with a file, and where.

use serde::{Deserialize, Serialize};

use super::fault::{Fault, cut};
use super::json::Path;

/// The most problems that are listed: more than anyone mends at once. Errors come before warnings.
pub const MAX_PROBLEMS: usize = 100;

/// Whether the map can be used in spite of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It can't.
    Error,
    /// It can; somebody should look.
    Warning,
}

/// The place of a problem, as exact as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Where {
    /// Line of the file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The id of the seat, as it stands in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat_id: Option<String>,
    /// JSON pointer into the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Whether the map can be used in spite of it.
    pub severity: Severity,
    /// Its place.
    #[serde(rename = "where")]
    pub where_: Where,
    /// What is wrong, for programs: a code and its values.
    #[serde(flatten)]
    pub fault: Fault,
    /// What is wrong, in English, for whoever made the file.
    pub what: String,
}

impl Problem {
    fn new(severity: Severity, where_: Where, fault: Fault) -> Self {
        let what = fault.to_string();
        Self {
            severity,
            where_,
            fault,
            what,
        }
    }
}

/// Where a reader is in the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    /// No place in particular.
    Nowhere,
    /// A line.
    Line(u64),
    /// A JSON value.
    Path(&'a Path<'a>),
}

impl At<'_> {
    pub const fn to_line(self) -> Option<u64> {
        match self {
            Self::Line(line) => Some(line),
            Self::Nowhere | Self::Path(_) => None,
        }
    }

    pub fn to_where(self, seat_id: Option<&str>) -> Where {
        let seat_id = seat_id.filter(|id| !id.is_empty()).map(cut);
        let mut place = Where {
            seat_id,
            ..Where::default()
        };
        match self {
            Self::Nowhere => {}
            Self::Line(line) => place.line = Some(line),
            Self::Path(path) => place.path = Some(path.to_string()),
        }
        place
    }
}

/// Gathers problems, and counts those that are too many to list.
#[derive(Debug, Default)]
pub(super) struct Problems {
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
    errors_total: usize,
    warnings_total: usize,
}

impl Problems {
    pub fn error(&mut self, at: At, fault: Fault) {
        self.seat_error(at, None, fault);
    }

    pub fn warning(&mut self, at: At, fault: Fault) {
        self.seat_warning(at, None, fault);
    }

    pub fn seat_error(&mut self, at: At, seat_id: Option<&str>, fault: Fault) {
        self.error_at(at.to_where(seat_id), fault);
    }

    pub fn seat_warning(&mut self, at: At, seat_id: Option<&str>, fault: Fault) {
        self.warning_at(at.to_where(seat_id), fault);
    }

    pub fn warning_at(&mut self, where_: Where, fault: Fault) {
        self.warnings_total += 1;
        if self.warnings.len() < MAX_PROBLEMS {
            self.warnings
                .push(Problem::new(Severity::Warning, where_, fault));
        }
    }

    pub fn error_at(&mut self, where_: Where, fault: Fault) {
        self.errors_total += 1;
        if self.errors.len() < MAX_PROBLEMS {
            self.errors
                .push(Problem::new(Severity::Error, where_, fault));
        }
    }

    pub const fn has_errors(&self) -> bool {
        self.errors_total > 0
    }

    /// The list: errors, then warnings, then a line about those that are left out.
    pub fn into_list(self) -> Vec<Problem> {
        let mut list = self.errors;
        let errors_left = self.errors_total - list.len();
        let room = MAX_PROBLEMS - list.len();
        list.extend(self.warnings.into_iter().take(room));
        let left = self.errors_total + self.warnings_total - list.len();
        if left > 0 {
            let severity = if errors_left > 0 {
                Severity::Error
            } else {
                Severity::Warning
            };
            list.push(Problem::new(
                severity,
                Where::default(),
                Fault::More { left },
            ));
        }
        list
    }
}
