//! Typed ids that cross a domain's border.

use yiwang_kernel::typed_id;

typed_id!(
    /// A person with an account.
    UserId
);
typed_id!(
    /// A unit of the organisation tree.
    OrgId
);
typed_id!(
    /// An incident (案件).
    IncidentId
);
typed_id!(
    /// A task of an incident (任务, 子单).
    TaskId
);
