import auth = require("@authmigration/client");

const client = auth.createAuthClient({ origins: ["https://gradebook.example"] });
const answer: Promise<Response> = client.fetch("https://gradebook.example/grades");
export = answer;
