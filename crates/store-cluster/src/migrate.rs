//! Migrations: numbered files that only expand, applied once each, by one instance at a time.

use tokio_postgres::Client;

use crate::open::OpenError;

/// All migrations, oldest first: the schema's version is how many have been applied.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/1.sql")];
/// `"JARI"` in ASCII: the advisory lock under which instances that start at once wait for each other.
const LOCK: i64 = 0x4A41_5249;

/// Applies what has not been applied yet.
pub(crate) async fn migrate(client: &mut Client) -> Result<(), OpenError> {
    let transaction = client
        .transaction()
        .await
        .map_err(|error| OpenError::database(&error))?;
    transaction
        .execute("select pg_advisory_xact_lock($1)", &[&LOCK])
        .await
        .map_err(|error| OpenError::database(&error))?;
    transaction
        // That the table is there already is no news to anybody.
        .batch_execute(
            "set local client_min_messages = warning;
             create table if not exists jari_schema (version integer not null primary key)",
        )
        .await
        .map_err(|error| OpenError::database(&error))?;
    let found = version(&transaction).await?;
    for (known, migration) in (1..).zip(MIGRATIONS) {
        if known > found {
            transaction
                .batch_execute(migration)
                .await
                .map_err(|error| OpenError::database(&error))?;
            transaction
                .execute("insert into jari_schema (version) values ($1)", &[&known])
                .await
                .map_err(|error| OpenError::database(&error))?;
        }
    }
    transaction
        .commit()
        .await
        .map_err(|error| OpenError::database(&error))
}

/// Refuses a schema that is not the one this program knows.
pub(crate) async fn check(client: &mut Client) -> Result<(), OpenError> {
    let transaction = client
        .transaction()
        .await
        .map_err(|error| OpenError::database(&error))?;
    let there = transaction
        .query_one("select to_regclass('jari_schema') is not null", &[])
        .await
        .map_err(|error| OpenError::database(&error))?;
    let found = if there.get(0) {
        version(&transaction).await?
    } else {
        0
    };
    if found == newest() {
        return Ok(());
    }
    let known = newest();
    Err(OpenError::Schema { found, known })
}

async fn version(transaction: &tokio_postgres::Transaction<'_>) -> Result<i32, OpenError> {
    let row = transaction
        .query_one("select coalesce(max(version), 0) from jari_schema", &[])
        .await
        .map_err(|error| OpenError::database(&error))?;
    let found = row.get(0);
    if found > newest() {
        let known = newest();
        return Err(OpenError::Schema { found, known });
    }
    Ok(found)
}

fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}
