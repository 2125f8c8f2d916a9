using Huifang.Commands;

return await CommandLine.Run(args);
