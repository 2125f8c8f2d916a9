// bin/prove sim|mutants …: what each proof takes is said by the proof itself.
Console.Error.WriteLine("usage: bin/prove sim|mutants");
return 2;
