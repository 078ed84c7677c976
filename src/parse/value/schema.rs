//! JSON schemas of the values that are no plain struct.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use jiff::civil::Date;

use crate::source::Located;

use super::*;

macro_rules! schema {
    ($($ty:ty, $name:literal => $schema:tt;)*) => {$(
        impl JsonSchema for $ty {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

schema! {
    Located<String>, "Text" => { "type": "string" };
    Prose, "Prose" => { "type": "string", "contentMediaType": "text/markdown" };
    Located<bool>, "Bool" => { "type": "boolean" };
    Located<i64>, "Integer" => { "type": "integer" };
    Located<Count>, "Count" => { "type": "integer", "minimum": 0 };
    Located<Amount>, "Amount" => { "type": "number", "minimum": 0 };
    Located<Date>, "Date" => { "type": "string", "format": "date" };
    Located<Parsed<Duration>>, "Duration" => { "type": "string", "examples": ["30s", "5m", "2h", "90d", "2w", "6 months"] };
    Located<Parsed<Rate>>, "Rate" => { "type": "string", "pattern": "^[0-9._]+ */ *(hour|day|week|month|year)$" };
    Located<Parsed<Hours>>, "Hours" => { "type": "string", "examples": ["24x7", "any time", "Mon-Fri 09:00-17:00 Africa/Lagos"] };
    Located<Id>, "Id" => { "type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$" };
    Located<Reference>, "Reference" => { "type": "string", "minLength": 1 };
    Located<ReferenceOrText>, "ReferenceOrText" => { "type": "string" };
    Located<Reversible>, "Reversible" => { "oneOf": [{ "type": "boolean" }, { "type": "string", "pattern": "^until .*#" }] };
    Located<Expiry>, "Expiry" => { "type": "string", "examples": ["2027-03-01", "never because …"] };
    Located<Class>, "Class" => { "type": "string", "examples": ["technical", "human", "scale", "dependency"] };
    Anything, "Anything" => true;
}

impl<T: JsonSchema> JsonSchema for ById<T> {
    fn schema_name() -> Cow<'static, str> {
        <Entries<T>>::schema_name()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <Entries<T>>::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Entries_of_{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": item })
    }
}
