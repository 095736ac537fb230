module.exports = {
	...require('./dist/credentials/EnableNowOAuth2Api.credentials.js'),
	...require('./dist/nodes/EnableNowShare/EnableNowShare.node.js'),
	...require('./dist/nodes/EnableNowShareTrigger/EnableNowShareTrigger.node.js'),
};
