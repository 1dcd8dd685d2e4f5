//! What is traced of a turn: a span for each traced request that it answers, and in it one for the commit that they share.

use tracing::Span;

use crate::journal::INSERT_FACTS;
use crate::store::Operation;

/// A turn, as each of those sees it who wait for it; none where nothing is traced.
pub(super) fn turns(operations: &[Box<dyn Operation>]) -> Vec<Span> {
    let count = operations.len();
    let traced = operations.iter().map(|operation| operation.span());
    let traced = traced.filter(|span| !span.is_none());
    traced
        .map(|parent| tracing::trace_span!(target: "jari::trace", parent: parent, "turn", operations = count))
        .collect()
}

/// The commit in it.
pub(super) fn commits(turns: &[Span], facts: usize) -> Vec<Span> {
    let commit = |parent| {
        tracing::trace_span!(
            target: "jari::trace",
            parent: parent,
            "commit",
            otel.kind = "client",
            db.system.name = "postgresql",
            db.query.text = INSERT_FACTS,
            facts,
        )
    };
    turns.iter().map(commit).collect()
}
