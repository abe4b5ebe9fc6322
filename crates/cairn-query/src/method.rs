//! The methods of the SDKs' `Query` class by the names that they send.

/// One row per method.
macro_rules! methods {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// What a query asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Method {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl Method {
            /// Every method.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The method with this name.
            pub fn by_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

methods! {
    Equal "equal",
    NotEqual "notEqual",
    LessThan "lessThan",
    LessThanEqual "lessThanEqual",
    GreaterThan "greaterThan",
    GreaterThanEqual "greaterThanEqual",
    Between "between",
    NotBetween "notBetween",
    IsNull "isNull",
    IsNotNull "isNotNull",
    StartsWith "startsWith",
    NotStartsWith "notStartsWith",
    EndsWith "endsWith",
    NotEndsWith "notEndsWith",
    Contains "contains",
    ContainsAny "containsAny",
    ContainsAll "containsAll",
    NotContains "notContains",
    CreatedBefore "createdBefore",
    CreatedAfter "createdAfter",
    CreatedBetween "createdBetween",
    UpdatedBefore "updatedBefore",
    UpdatedAfter "updatedAfter",
    UpdatedBetween "updatedBetween",
    And "and",
    Or "or",
    Select "select",
    OrderAsc "orderAsc",
    OrderDesc "orderDesc",
    OrderRandom "orderRandom",
    Limit "limit",
    Offset "offset",
    CursorAfter "cursorAfter",
    CursorBefore "cursorBefore",
    Search "search",
    NotSearch "notSearch",
    Regex "regex",
    Exists "exists",
    NotExists "notExists",
    ElemMatch "elemMatch",
    DistanceEqual "distanceEqual",
    DistanceNotEqual "distanceNotEqual",
    DistanceGreaterThan "distanceGreaterThan",
    DistanceLessThan "distanceLessThan",
    Intersects "intersects",
    NotIntersects "notIntersects",
    Crosses "crosses",
    NotCrosses "notCrosses",
    Overlaps "overlaps",
    NotOverlaps "notOverlaps",
    Touches "touches",
    NotTouches "notTouches",
    Count "count",
    Sum "sum",
    Avg "avg",
    Min "min",
    Max "max",
    GroupBy "groupBy",
    Distinct "distinct",
    VectorDot "vectorDot",
    VectorCosine "vectorCosine",
    VectorEuclidean "vectorEuclidean",
}

impl Method {
    /// Whether the values are queries.
    pub fn is_nested(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::ElemMatch)
    }

    /// Whether it computes something of a list instead of answering it; not among the SDKs' own methods.
    pub fn is_aggregate(self) -> bool {
        matches!(
            self,
            Self::Count | Self::Sum | Self::Avg | Self::Min | Self::Max | Self::GroupBy | Self::Distinct
        )
    }

    /// Whether it narrows a list, rather than ordering, paging or shaping it.
    pub fn is_filter(self) -> bool {
        !self.is_aggregate()
            && !matches!(
                self,
                Self::Select
                    | Self::OrderAsc
                    | Self::OrderDesc
                    | Self::OrderRandom
                    | Self::Limit
                    | Self::Offset
                    | Self::CursorAfter
                    | Self::CursorBefore
            )
    }
}
