// A dataset whose images are in a bucket of yours; what Lightly writes goes into a bucket that is made here.
// `pulumi package add "$(command -v pulumi-resource-lightly-access)"` writes the classes that are imported here.
import { aws, LightlyDataset } from "lightly-access";

const dataset = "farm-animals";
const photos = new aws.S3Bucket("photos", { bucket: "acme-datalake", region: "eu-central-1" });
const results = new aws.S3Bucket("results", { bucket: "acme-lightly-results", region: "eu-central-1", create: true });
const reads = new aws.S3DelegatedAccess(`${dataset}-input`, {
    store: photos,
    path: "projects/farm-animals/",
    purpose: "INPUT",
    dataset,
});
const writes = new aws.S3DelegatedAccess(`${dataset}-lightly`, {
    store: results,
    path: "farm-animals/",
    purpose: "LIGHTLY",
    dataset,
});
const registered = new LightlyDataset(dataset, { type: "images", input: reads, lightly: writes });

export const lights = registered.lights;
