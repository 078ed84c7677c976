module.exports = {title: "never run"};
