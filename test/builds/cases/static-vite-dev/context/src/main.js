document.body.append("Built once");
