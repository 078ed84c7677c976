//! A declaration's TOML with one date set; everything else stays as it is written.

use anyhow::{Context, bail};
use jiff::civil::Date;
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// The text with `key` in the table `table` set to `day`. A table that is not there begins as a dotted key, `review.last = …`, so that it
/// takes one line.
pub fn set(text: &str, table: &str, key: &str, day: Date) -> anyhow::Result<String> {
    let mut document: DocumentMut = text.parse().context("this declaration is not TOML; `forewarn check` says where")?;
    let day: toml_edit::Datetime = day.to_string().parse().context("no date of TOML")?;
    match document.get_mut(table) {
        None => {
            let mut dotted = Table::new();
            dotted.set_dotted(true);
            dotted.insert(key, toml_edit::value(day));
            document.insert(table, Item::Table(dotted));
        }
        Some(Item::Value(Value::InlineTable(found))) if !found.contains_key(key) => append(found, key, day),
        Some(found) => match found.as_table_like_mut() {
            Some(found) => set_in(found, key, day),
            None => bail!("`{table}` is no table"),
        },
    }
    Ok(document.to_string())
}

fn set_in(table: &mut dyn TableLike, key: &str, day: toml_edit::Datetime) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(value) => {
            let decor = value.decor().clone();
            *value = Value::from(day);
            *value.decor_mut() = decor;
        }
        None => drop(table.insert(key, toml_edit::value(day))),
    }
}

/// Adds a key at the end of a table between braces, before the space that the author left there.
fn append(table: &mut InlineTable, key: &str, day: toml_edit::Datetime) {
    let last = table.iter().last().map(|(key, _)| key.to_owned());
    let last = last.and_then(|key| table.get_mut(&key));
    let space = last.and_then(|value| {
        let space = value.decor().suffix().and_then(|space| space.as_str()).map(str::to_owned);
        value.decor_mut().set_suffix("");
        space
    });
    let mut value = Value::from(day).decorated(" ", "");
    value.decor_mut().set_suffix(space.unwrap_or_default());
    table.insert(key, value);
}
