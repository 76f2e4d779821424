//! What is said on the export: status and Events.

use cairn_crds::shared::{ExportRecord, FieldExportStatus};
use cairn_runtime::{
    condition::{Progress, Standing, conditions_of},
    events::{Notice, Severity},
    worker::Verdict,
};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use tracing::{debug, warn};

use super::Exporter;
use crate::{
    ack,
    export::Export,
    report::{Reason, Report},
};

impl Exporter {
    /// Writes the status that follows from the report and from the record, unless it is there.
    pub(super) async fn say(&self, export: &mut Export, report: &Report) -> kube::Result<()> {
        let kept =
            (export.record != ExportRecord::default()).then(|| ExportRecord { version: 1, ..export.record.clone() });
        let answered = if report.reason == Reason::Exporting {
            export.status.last_handled_reconcile_at.clone()
        } else {
            export.request(&self.groups)
        };
        let next = FieldExportStatus {
            conditions: self.conditions(export, report),
            last_handled_reconcile_at: answered,
            observed_generation: export.object.metadata.generation,
            record: kept,
        };
        let value = serde_json::to_value(&next).map_err(kube::Error::SerdeError)?;
        self.writer.status(&mut export.object, &value).await?;
        export.status = next;
        Ok(())
    }

    fn conditions(&self, export: &Export, report: &Report) -> Vec<Condition> {
        let (before, generation) = (&export.status.conditions, export.object.metadata.generation);
        let standing =
            Standing { progress: report.reason.progress(), reason: report.reason.as_str(), message: &report.message };
        let conditions = conditions_of(before, standing, generation, self.now());
        if !self.groups.is_ack() {
            return conditions;
        }
        ack::add(conditions, before, report, export.advice.as_deref(), self.now())
    }

    /// The time to the second, as conditions have it.
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// Says on the export why it is not as declared, and comes back to it unless a watch will.
    pub(super) async fn conclude(&self, export: &mut Export, report: Report) -> Verdict {
        if report.reason.progress() == Progress::Stuck && export.is_news(report.reason) {
            self.publish(export, Severity::Warning, report.reason.as_str(), &report.message);
        }
        if let Err(error) = self.say(export, &report).await {
            return self.refused(export, &error);
        }
        if report.reason.heals_by_watch() { super::DONE } else { Verdict::Retry { after: None } }
    }

    /// What becomes of an export when Kubernetes did not take a write to it.
    pub(super) fn refused(&self, export: &Export, error: &kube::Error) -> Verdict {
        let kube::Error::Api(status) = error else {
            warn!(export = %export.key, %error, "kubernetes did not answer a write");
            return Verdict::Retry { after: None };
        };
        if status.is_not_found() {
            return super::DONE;
        }
        if status.is_conflict() {
            // What we knew is out of date; the watch brings what is newer.
            debug!(export = %export.key, "export changed meanwhile");
            return Verdict::Retry { after: None };
        }
        warn!(export = %export.key, code = status.code, why = status.message, "kubernetes refused a write");
        self.publish(export, Severity::Warning, "WriteRefused", &status.message);
        Verdict::Retry { after: None }
    }

    pub(super) fn tell(&self, export: &Export, reason: &str, note: &str) {
        self.publish(export, Severity::Normal, reason, note);
    }

    fn publish(&self, export: &Export, severity: Severity, reason: &str, note: &str) {
        self.events.publish(Notice {
            regarding: export.reference(),
            severity,
            reason: reason.into(),
            action: "Export".into(),
            note: note.into(),
        });
    }
}
