//! Ids in the database: texts stand there as texts, numbers as numbers.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::domain::ids::{
    AccountId, DeliveryId, ItemId, LeaderId, LetterId, NoticeId, ProgramId, SubmissionId, UnitId,
};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;

/// Stores ids as what they are made of: `give` gives it, `make` makes an id of it.
macro_rules! stored {
    ($as:ty, $give:expr, $make:expr, $($id:ty)*) => {$(
        impl<DB: Database> Type<DB> for $id
        where
            $as: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$as as Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <$as as Type<DB>>::compatible(info)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $id
        where
            $as: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let give: fn(&$id) -> $as = $give;
                <$as as Encode<'q, DB>>::encode(give(self), buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $id
        where
            $as: Decode<'r, DB>,
        {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let make: fn($as) -> Result<Self, BoxDynError> = $make;
                make(<$as as Decode<'r, DB>>::decode(value)?)
            }
        }
    )*};
}

stored!(String, |id| id.to_string(), |text| Ok(text.parse()?), ProgramId UnitId LeaderId ItemId Sha256 SharePath Period);
stored!(i64, |id| id.number(), |number| Ok(Self::new(number)), LetterId SubmissionId NoticeId DeliveryId AccountId);
